using System.Globalization;
using System.Security.Cryptography;

namespace GenSomAttn.Model.Data;

/// <summary>Training and test images of one folder in MNIST's four files.</summary>
public sealed class Dataset
{
    /// <summary>Largest side of an image.</summary>
    internal const int MaxSide = 512;

    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    internal Dataset(ImageSet train, ImageSet test, IReadOnlyList<string> classNames, string sha256)
    {
        Train = train;
        Test = test;
        ClassNames = classNames;
        Sha256 = sha256;
    }

    /// <summary>The training images.</summary>
    public ImageSet Train { get; }

    /// <summary>The test images.</summary>
    public ImageSet Test { get; }

    /// <summary>The name of each class; a label is an index into it.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over the SHA-256 of training images, training labels, test images and test labels as
    /// unpacked: the same for packed and plain files, and for every limit.
    /// </summary>
    public string Sha256 { get; }

    /// <summary>Reads and checks the four files of a folder, plain or with .gz (preferred where both are there).</summary>
    /// <param name="folder">
    /// The folder. Where it has SHA256SUMS (of the unpacked content), the four files are compared with it; where it has labels.txt, its
    /// lines name the classes, else they are called 0, 1, ... up to the largest label.
    /// </param>
    /// <param name="limit">Keeps the first so many training images and the first so many test images; null keeps all.</param>
    /// <exception cref="DataException">A file is missing, damaged or does not fit the others.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is less than 1.</exception>
    public static Dataset Load(string folder, int? limit = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        int kept = limit ?? int.MaxValue;
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1, nameof(limit));
        if (!Directory.Exists(folder))
        {
            throw new DataException($"There is no data folder {folder}: it must hold {TrainImages}, {TrainLabels}, {TestImages} and "
                + $"{TestLabels}, each as it is or as .gz.");
        }

        IReadOnlyDictionary<string, byte[]>? hashes = FolderTexts.ReadHashes(folder);
        IReadOnlyList<string>? classNames = FolderTexts.ReadClassNames(folder);

        // The small files first: what is wrong with them shows before the large ones are read.
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

        byte[] sha256 = SHA256.HashData([.. trainImages.Sha256, .. trainLabels.Sha256, .. testImages.Sha256, .. testLabels.Sha256]);
        return new Dataset(train, test, classNames, Convert.ToHexStringLower(sha256));
    }

    /// <summary>Black images of one class, the same for training and test.</summary>
    internal static Dataset Black(int count, int side)
    {
        ImageSet images = new(new byte[count * side * side], new byte[count], side);
        return new Dataset(images, images, NumberClasses(0, 0), "");
    }

    /// <summary>The same with the first so many test images, for whoever does not need them all.</summary>
    internal Dataset WithFewerTestImages(int count)
    {
        int kept = Math.Min(count, Test.Count);
        int pixels = kept * Test.Side * Test.Side;
        return new Dataset(Train, new ImageSet(Test.Pixels[..pixels], Test.Labels[..kept], Test.Side), ClassNames, Sha256);
    }

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

        if ((height != width) || (height % 4 != 0) || (height > MaxSide))
        {
            throw new DataException($"Cannot use {images.Path}: its images are {height} x {width}, but the model takes square images whose "
                + $"side is divisible by 4 and at most {MaxSide}.");
        }

        return new ImageSet(images.Values, images.Kept == count ? labels.Values : labels.Values[..images.Kept], height);
    }
}
