using System.Globalization;
using System.Security.Cryptography;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Training and test images of one folder: MNIST's four files, or pictures in a folder for each class.</summary>
public sealed class Dataset
{
    /// <summary>Largest side of an image.</summary>
    internal const int MaxSide = 512;

    /// <summary>Maximum number of classes.</summary>
    internal const int MaxClasses = 65_536;

    /// <summary>The four files, for messages.</summary>
    internal const string FileNames = $"{TrainImages}, {TrainLabels}, {TestImages} and {TestLabels}";

    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

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

    /// <summary>The test images; there may be none.</summary>
    public ImageSet Test { get; }

    /// <summary>The images that pictures show: the test images, or the training images where there are none.</summary>
    public ImageSplit Shown => Test.Count > 0 ? ImageSplit.Test : ImageSplit.Train;

    /// <summary>The name of each class; a label is an index into it. Empty for images without labels.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, of the concatenated SHA-256 of training images, training labels, test images and test labels:
    /// for MNIST's files of their uncompressed content, for an image folder of pixels and labels alone. It does not depend on the limit.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Notes on the data for the user, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>
    /// Reads and checks a folder: one with any of MNIST's four files, plain or with .gz (preferred where both are there), or one with
    /// pictures in train/CLASS/ and test/CLASS/, or in CLASS/.
    /// </summary>
    /// <param name="folder">
    /// The folder. If MNIST's files have a SHA256SUMS (of the uncompressed content), they are checked against it. The lines of labels.txt,
    /// if it exists, are the class names; otherwise they are 0, 1, ... up to the largest label.
    /// </param>
    /// <param name="options">Options; null for the defaults, which read everything.</param>
    /// <exception cref="DataException">A file is missing, damaged or does not fit the others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is less than 1, or the model does not support the image size.</exception>
    public static Dataset Load(string folder, DataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new DataOptions();
        int kept = options.Limit ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, nameof(options));
        if (options.ImageSize is { } size && !IsSide(size))
        {
            throw new ArgumentOutOfRangeException(nameof(options), size, "No side of images that the model takes.");
        }

        if (!Directory.Exists(folder))
        {
            string fault = File.Exists(folder) ? $"{folder} is a file, and a data folder is needed" : $"There is no data folder {folder}";
            throw new DataException($"{fault}: name with --data one that holds {FileNames}, each as it is or as .gz, or a "
                + "folder of pictures for each class.");
        }

        if (!HasIdxFiles(folder))
        {
            Dataset all = ImageFolder.Load(folder, options);
            return new Dataset(all.Train.First(kept), all.Test.First(kept), all.ClassNames, all.Sha256) { Notes = all.Notes };
        }

        IReadOnlyDictionary<string, byte[]>? hashes = FolderTexts.ReadHashes(folder);
        IReadOnlyList<string>? classNames = FolderTexts.ReadClassNames(folder);

        // The small files first: their faults are found before the large ones are read.
        IdxContent trainLabels = Read(folder, TrainLabels, 1, int.MaxValue, hashes);
        IdxContent testLabels = Read(folder, TestLabels, 1, int.MaxValue, hashes);
        classNames ??= NumberClasses(trainLabels.Values.Max(), testLabels.Values.Max());
        CheckLabels(trainLabels, classNames.Count);
        CheckLabels(testLabels, classNames.Count);
        IdxContent testImages = Read(folder, TestImages, 3, kept, hashes);
        IdxContent trainImages = Read(folder, TrainImages, 3, kept, hashes);
        ImageSet test = Pair(testImages, testLabels);
        ImageSet train = Pair(trainImages, trainLabels);
        if (train.Side != test.Side)
        {
            throw new DataException($"{trainImages.Path} has images of side {train.Side}, {testImages.Path} of side {test.Side}.");
        }

        return new Dataset(train, test, classNames, HashOf([trainImages.Sha256, trainLabels.Sha256, testImages.Sha256, testLabels.Sha256]));
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

    /// <summary>Computes the hash of a data set.</summary>
    internal static string HashOf(ImageSet train, ImageSet test) => HashOf(
    [
        SHA256.HashData(train.Pixels), SHA256.HashData(BytesOf(train.Labels)), SHA256.HashData(test.Pixels),
        SHA256.HashData(BytesOf(test.Labels)),
    ]);

    private ImageSet Join()
    {
        long length = (long)Train.Pixels.Length + Test.Pixels.Length;
        return length <= Array.MaxLength
            ? new ImageSet([.. Train.Pixels, .. Test.Pixels], [.. Train.Labels, .. Test.Labels], Train.Shape)
            {
                Names = Train.Names is null || Test.Names is null ? null : [.. Train.Names, .. Test.Names],
            }
            : throw new DataException($"The training and test images together have {length} values, more than the {Array.MaxLength} "
                + "possible in one set.");
    }

    /// <summary>Returns labels as in an IDX file: a byte each, or two bytes, big-endian, if one is above 255.</summary>
    private static byte[] BytesOf(int[] labels) => labels.All(label => label <= byte.MaxValue)
        ? Array.ConvertAll(labels, label => (byte)label)
        : [.. labels.SelectMany(label => new[] { (byte)(label >> 8), (byte)label })];

    private static string HashOf(byte[][] parts) => Convert.ToHexStringLower(SHA256.HashData([.. parts.SelectMany(part => part)]));

    private static bool HasIdxFiles(string folder) => new[] { TrainImages, TrainLabels, TestImages, TestLabels }
        .Any(name => File.Exists(Path.Combine(folder, name)) || File.Exists(Path.Combine(folder, name + ".gz")));

    private static IdxContent Read(string folder, string name, int rank, int limit, IReadOnlyDictionary<string, byte[]>? hashes)
    {
        string packed = Path.Combine(folder, name + ".gz");
        string plain = Path.Combine(folder, name);
        if (!File.Exists(packed) && !File.Exists(plain))
        {
            throw new DataException($"The data folder {folder} has neither {name}.gz nor {name}.");
        }

        IdxContent content = IdxReader.Read(File.Exists(packed) ? packed : plain, rank, limit);
        if (hashes is null)
        {
            return content;
        }

        if (!hashes.TryGetValue(name, out byte[]? expected))
        {
            throw new DataException($"SHA256SUMS in {folder} has no line for {name}: complete or remove it.");
        }

        return content.Sha256.AsSpan().SequenceEqual(expected)
            ? content
            : throw new DataException($"Cannot use {content.Path}: its content has SHA-256 {Convert.ToHexStringLower(content.Sha256)}, but "
                + $"SHA256SUMS in its folder says {Convert.ToHexStringLower(expected)}.");
    }

    private static string[] NumberClasses(byte trainMax, byte testMax) =>
        [.. Enumerable.Range(0, Math.Max(trainMax, testMax) + 1).Select(label => label.ToString(CultureInfo.InvariantCulture))];

    private static void CheckLabels(IdxContent labels, int classes)
    {
        int bad = Array.FindIndex(labels.Values, label => label >= classes);
        if (bad >= 0)
        {
            throw new DataException($"Cannot use {labels.Path}: label {labels.Values[bad]} of image {bad} is not one of the {classes} "
                + "classes in labels.txt.");
        }
    }

    private static ImageSet Pair(IdxContent images, IdxContent labels)
    {
        (int count, int height, int width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if (count != labels.Dimensions[0])
        {
            throw new DataException($"{images.Path} has {count} images, {labels.Path} {labels.Dimensions[0]} labels.");
        }

        if ((height != width) || !IsSide(height))
        {
            throw new DataException($"Cannot use {images.Path}: its images are {height} x {width}, but the model takes square images whose "
                + $"side is divisible by 4 and at most {MaxSide}.");
        }

        int[] kept = Array.ConvertAll(labels.Values[..images.Kept], label => (int)label);
        return new ImageSet(images.Values, kept, new ImageShape(height, ImageShape.Gray));
    }
}
