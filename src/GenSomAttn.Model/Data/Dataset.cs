using System.Security.Cryptography;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Training and test images: MNIST's four files, arrays of NumPy, or pictures in a folder for each class.</summary>
public sealed class Dataset
{
    /// <summary>Largest side of an image.</summary>
    internal const int MaxSide = 512;

    /// <summary>Maximum number of classes.</summary>
    internal const int MaxClasses = 65_536;

    /// <summary>The four files, for messages.</summary>
    internal const string FileNames =
        "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte";

    /// <summary>What a data set can be, for messages.</summary>
    internal const string Kinds = $"a folder that holds {FileNames}, each as it is or as .gz, one of these files, an .npz or .npy file, or "
        + "a folder of pictures for each class";

    private ImageSet? _all;

    internal Dataset(ImageSet train, ImageSet test, IReadOnlyList<string> classNames, string sha256)
    {
        Train = train;
        Test = test;
        ClassNames = classNames;
        Sha256 = sha256;
    }

    /// <summary>The training images.</summary>
    public ImageSet Train { get; }

    /// <summary>The test images, or the validation images of <see cref="HoldOut"/>; there may be none.</summary>
    public ImageSet Test { get; }

    /// <summary>What <see cref="Test"/> is, for texts: test images, or validation images.</summary>
    public string TestNoun { get; init; } = "test images";

    /// <summary>The images that pictures show: the test images, or the training images where there are none.</summary>
    public ImageSplit Shown => Test.Count > 0 ? ImageSplit.Test : ImageSplit.Train;

    /// <summary>The name of each class; a label is an index into it. Empty for images without labels.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of the concatenated SHA-256 of training images, training labels, test images and test labels:
    /// for IDX and NumPy files of their uncompressed content, of nothing for a file that is not there; for an image folder of pixels and
    /// labels alone. It does not depend on the limit, and for files neither on the split nor on --flip. Of several sets it is the SHA-256
    /// of their concatenated SHA-256, in their order.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Notes on the data for the user, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Reads and checks a data set: MNIST's files under the names of <see cref="IdxFiles"/>, an .npz or .npy file, or a folder of
    /// pictures in train/CLASS/ and test/CLASS/, or in CLASS/.
    /// </summary>
    /// <param name="path">
    /// The folder or file. IDX files are checked against a SHA256SUMS (of the uncompressed content) in their folder. The lines of
    /// labels.txt in the folder of the files are the class names; without it they are the numbers in the label files.
    /// </param>
    /// <param name="options">Options; null for the defaults, which read everything.</param>
    /// <exception cref="DataException">A file is missing, damaged or does not fit the others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1, or the model does not support the image size.</exception>
    public static Dataset Load(string path, DataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new DataOptions();
        int kept = options.Limit ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, nameof(options));
        if (options.ImageSize is { } size && !IsSide(size))
        {
            throw new ArgumentOutOfRangeException(nameof(options), size, "No side of images that the model takes.");
        }

        using ArraySource? source = ArraySource.Find(path);
        Dataset loaded = source is not null ? ArraySet.Load(source, options) : ImageFolder.Load(path, options).First(kept);
        return options.ValidationImages is { } held ? loaded.HoldOut(held) : loaded;
    }

    /// <summary>
    /// Returns the data set with a part of the training images in place of the test images, which are left out: for choices of settings,
    /// which must not use the test images. The part is the same for every seed: those whose numbers have the smallest hashes.
    /// </summary>
    /// <param name="count">Number of images to hold out, at least 1.</param>
    /// <exception cref="DataException">No training image would be left.</exception>
    public Dataset HoldOut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= Train.Count)
        {
            throw new DataException(
                $"{count} validation images cannot be held out of {Train.Count} training images: give fewer with --validate.");
        }

        bool[] isHeld = new bool[Train.Count];
        foreach (int index in Enumerable.Range(0, Train.Count).OrderBy(index => Mix((uint)index + 1)).Take(count))
        {
            isHeld[index] = true;
        }

        ILookup<bool, int> parts = Enumerable.Range(0, Train.Count).ToLookup(index => isHeld[index]);
        string note = $"{count} of the {Train.Count} training images are held out; scores are of them, and the test images are not used";
        return new Dataset(Train.At([.. parts[false]]), Train.At([.. parts[true]]), ClassNames, Sha256)
        {
            Notes = [.. Notes, note],
            TestNoun = "validation images",
        };
    }

    /// <summary>
    /// Reads and checks a data set, or several as one: images in their order, labels by the names of the classes, color if one is color.
    /// </summary>
    /// <param name="paths">The folders or files.</param>
    /// <param name="options">Options; folders of pictures are read in the side of the arrays, unless the options have a side.</param>
    /// <exception cref="DataException">A set cannot be used or is given twice, or two sets of arrays have different sides.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1, or the model does not support the image size.</exception>
    public static Dataset Load(DataPaths paths, DataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.All is [var only])
        {
            return Load(only, options);
        }

        options ??= new DataOptions();
        Dataset joined = JoinedSets.Load(paths.All, options with { ValidationImages = null });
        return options.ValidationImages is { } held ? joined.HoldOut(held) : joined;
    }

    /// <summary>Returns a part of the images.</summary>
    /// <exception cref="DataException">All images together have too many pixels for one set.</exception>
    public ImageSet Of(ImageSplit split) => split switch
    {
        ImageSplit.Train => Train,
        ImageSplit.Test => Test,
        _ => _all ??= Join(),
    };

    /// <summary>Returns whether the model supports images of this side.</summary>
    internal static bool IsSide(int side) => side is >= 4 and <= MaxSide && side % 4 == 0;

    /// <summary>Returns the data set with only the first <paramref name="count"/> test images.</summary>
    internal Dataset WithFewerTestImages(int count)
    {
        return new Dataset(Train, Test.First(count), ClassNames, Sha256) { Notes = Notes };
    }

    /// <summary>Returns the data set with only the first <paramref name="count"/> training and the first test images.</summary>
    internal Dataset First(int count) => new(Train.First(count), Test.First(count), ClassNames, Sha256) { Notes = Notes };

    /// <summary>Computes a hash that is different for every number: the last step of MurmurHash3 (A. Appleby, public domain).</summary>
    private static uint Mix(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }

    /// <summary>Computes the hash of a data set.</summary>
    internal static string HashOf(ImageSet train, ImageSet test) => HashOf(
    [
        train.Stored.Sha256(), SHA256.HashData(BytesOf(train.Labels)), test.Stored.Sha256(),
        SHA256.HashData(BytesOf(test.Labels)),
    ]);

    private ImageSet Join()
    {
        return new ImageSet(StoredBytes.Join([Train.Stored, Test.Stored]), [.. Train.Labels, .. Test.Labels], Train.Shape)
        {
            Names = Train.Names is null || Test.Names is null
                ? null
                : new JoinedNames([("", Train.Names, Train.Count), ("", Test.Names, Test.Count)]),
        };
    }

    /// <summary>Computes the hash of a data set from the hashes of its four parts.</summary>
    internal static string HashOf(byte[][] parts) => Convert.ToHexStringLower(SHA256.HashData([.. parts.SelectMany(part => part)]));

    /// <summary>Returns labels as in an IDX file: a byte each, or two bytes, big-endian, if one is above 255.</summary>
    private static byte[] BytesOf(int[] labels) => labels.All(label => label <= byte.MaxValue)
        ? Array.ConvertAll(labels, label => (byte)label)
        : [.. labels.SelectMany(label => new[] { (byte)(label >> 8), (byte)label })];
}
