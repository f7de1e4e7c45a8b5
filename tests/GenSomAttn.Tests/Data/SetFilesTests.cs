using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>MNIST's family of files as they are found: names, layouts, labels, splits and shapes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SetFilesTests : IDisposable
{
    private static readonly byte[][] Contents = [IdxSet.Images(30, 8, 8), IdxSet.Labels(30), IdxSet.Images(9, 8, 8), IdxSet.Labels(9)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte")]
    [TestCase("qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx1-ubyte", "qmnist-test-images-idx3-ubyte",
        "qmnist-test-labels-idx1-ubyte.gz")]
    [TestCase("train-images-idx3-ubyte/train-images-idx3-ubyte", "train-labels-idx1-ubyte/train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte/t10k-images.idx3-ubyte", "t10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte")]
    [TestCase("FashionMNIST/raw/train-images-idx3-ubyte", "FashionMNIST/raw/train-labels-idx1-ubyte",
        "FashionMNIST/raw/t10k-images-idx3-ubyte", "FashionMNIST/raw/t10k-labels-idx1-ubyte")]
    public void Load_NamesAndLayoutsThatAreFound_GiveTheSameSet(string a, string b, string c, string d)
    {
        Write(a, b, c, d);

        foreach (string path in (string[])[_folder.Path, _folder.Path + "/", _folder.File(a), _folder.File(d)])
        {
            Dataset dataset = Dataset.Load(path);

            Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(Contents[0][16..]), path);
            Assert.That(dataset.Test.Labels, Is.EqualTo(Contents[3][8..]), path);
        }

        bool isBelow = a.StartsWith("Fashion", StringComparison.Ordinal);
        Assert.That(Dataset.Load(_folder.Path).Notes.Count(note => note.Contains("FashionMNIST/raw")), Is.EqualTo(isBelow ? 1 : 0));
    }

    [Test]
    public void Load_FilesBesideFoldersOfTheirNames_AreOneSet()
    {
        string[] names = ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"];
        Write(names);
        Write([.. IdxSet.Names.Select(name => $"{name}/{name}")]);

        Assert.That(Dataset.Load(_folder.Path).Train.Count, Is.EqualTo(30));
    }

    [Test]
    public void Load_PhotosWithAFolderOfMnistsFiles_AreThePhotos()
    {
        PictureFolder.WriteQuarters(_folder.File("photos"), 20);
        Write([.. IdxSet.Names.Select(name => $"photos/downloads/{name}")]);

        Assert.That(
            Dataset.Load(_folder.File("photos")).ClassNames, Is.EqualTo(["lower left", "lower right", "upper left", "upper right"]));
    }

    [Test]
    public void Load_SeveralSets_ListsThemAndTakesTheNamedOne()
    {
        Write([.. Emnist("letters")]);
        Write([.. Emnist("digits")]);
        File.WriteAllBytes(_folder.File("emnist-digits-train-images-idx3-ubyte.gz"), IdxSet.Images(30, 12, 12));
        File.WriteAllBytes(_folder.File("emnist-digits-test-images-idx3-ubyte.gz"), IdxSet.Images(9, 12, 12));

        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>()
            .With.Message.Contains(_folder.File("emnist-letters")).And.Message.Contains(_folder.File("emnist-digits"))
            .And.Message.Contains("--data"));
        string[] paths = ["emnist-letters", "emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-test-labels-idx1-ubyte.gz"];
        foreach (string path in paths)
        {
            Assert.That(Dataset.Load(_folder.File(path)).Train.Side, Is.EqualTo(8), path);
        }

        Assert.That(() => Dataset.Load(_folder.File("emnist-mnist")), Throws.TypeOf<DataException>().With.Message.Contains("emnist-mnist"));
    }

    [Test]
    public void Load_SetsInSeveralFoldersBelow_AreListed()
    {
        Write([.. IdxSet.Names.Select(name => $"MNIST/raw/{name}")]);
        Write([.. IdxSet.Names.Select(name => $"KMNIST/raw/{name}")]);

        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>()
            .With.Message.Contains("KMNIST/raw").And.Message.Contains(_folder.File("MNIST/raw")));
    }

    [Test]
    public void Load_EmnistOrFlip_ExchangesRowsAndColumns()
    {
        Write([.. Emnist("letters")]);
        byte[] transposed = Transposed(Contents[0][16..], 8);

        Dataset emnist = Dataset.Load(_folder.Path);
        Dataset flipped = Dataset.Load(_folder.Path, Flip);

        Assert.That(emnist.Train.Pixels.ToArray(), Is.EqualTo(transposed));
        Assert.That(flipped.Train.Pixels.ToArray(), Is.EqualTo(transposed));
        Assert.That(emnist.Notes, Has.One.Contains("rows and columns"));
        using TemporaryFolder other = new();
        IdxSet.Write(other.Path, 30, 9, 8);
        Assert.That(Dataset.Load(other.Path, Flip).Train.Pixels.ToArray(), Is.EqualTo(transposed));
        Assert.That(Dataset.Load(other.Path).Train.Pixels.ToArray(), Is.Not.EqualTo(transposed));
    }

    [TestCase("a\nb\nc\n", "a")]
    [TestCase(null, "5")]
    public void Load_LabelsFromAboveZero_BeginAtZero(string? names, string first)
    {
        IdxSet.Write(_folder.Path, 6, 3, 8, packed: false);
        byte[] labels = [5, 6, 7, 7, 6, 5];
        File.WriteAllBytes(_folder.File(IdxSet.Names[1]), IdxSet.Content([0, 0, 8, 1], [6], labels));
        File.WriteAllBytes(_folder.File(IdxSet.Names[3]), IdxSet.Content([0, 0, 8, 1], [3], [6, 6, 6]));
        if (names is not null)
        {
            File.WriteAllText(_folder.File("labels.txt"), names);
        }

        Dataset dataset = Dataset.Load(_folder.Path);

        int[] expected = [0, 1, 2, 2, 1, 0];
        Assert.That(dataset.Train.Labels, Is.EqualTo(expected));
        Assert.That(dataset.Test.Labels, Is.All.EqualTo(1));
        Assert.That(dataset.ClassNames[0], Is.EqualTo(first));
        Assert.That(dataset.ClassNames, Has.Count.EqualTo(3));
        Assert.That(dataset.Notes, Has.One.Contains("begin at 5"));
    }

    [Test]
    public void Load_LabelsFromOneWithANameForZero_StayAsTheyAre()
    {
        IdxSet.Write(_folder.Path, 2, 2, 8, packed: false);
        File.WriteAllBytes(_folder.File(IdxSet.Names[1]), IdxSet.Content([0, 0, 8, 1], [2], [1, 2]));
        File.WriteAllBytes(_folder.File(IdxSet.Names[3]), IdxSet.Content([0, 0, 8, 1], [2], [1, 2]));
        File.WriteAllText(_folder.File("labels.txt"), "none\na\nb\n");

        int[] expected = [1, 2];
        Assert.That(Dataset.Load(_folder.Path).Train.Labels, Is.EqualTo(expected));
        File.WriteAllText(_folder.File("labels.txt"), "a\n");
        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("label 2 of image 1"));
    }

    [TestCase(null, true, 300)]
    [TestCase(0.5, true, 1200)]
    [TestCase(null, false, 104)]
    [TestCase(0.0, true, 0)]
    public void Load_TrainFilesAlone_AreSplitByTheirNumbers(double? share, bool labeled, int about)
    {
        const int Count = 2100;
        byte[] images = IdxSet.Images(Count, 4, 4);
        File.WriteAllBytes(_folder.File(IdxSet.Names[0]), images);
        if (labeled)
        {
            byte[] labels = [.. images[16..].Chunk(16).Select(image => (byte)(image[0] % 3))];
            File.WriteAllBytes(_folder.File(IdxSet.Names[1]), IdxSet.Content([0, 0, 8, 1], [Count], labels));
        }

        var options = new DataOptions { Pictures = new PictureReading { TestShare = share } };
        Dataset dataset = Dataset.Load(_folder.Path, options);

        // A binomial count: four standard deviations of at most 23.
        Assert.That(dataset.Test.Count, Is.EqualTo(share == 0.5 ? 1050 : about).Within(about == 0 ? 0 : 92));
        Assert.That(dataset.Train.Count + dataset.Test.Count, Is.EqualTo(Count));
        Assert.That(dataset.Notes, Has.Some.Contains(share == 0 ? "no test images" : "--test-share"));
        Assert.That(dataset.ClassNames, Has.Count.EqualTo(labeled ? 3 : 0));
        if (labeled)
        {
            // The label of each image is its first pixel mod 3.
            Assert.That(dataset.Train.Labels, Is.EqualTo(dataset.Train.Pixels.ToArray().Chunk(16).Select(image => image[0] % 3)));
            Assert.That(dataset.Test.Labels, Is.EqualTo(dataset.Test.Pixels.ToArray().Chunk(16).Select(image => image[0] % 3)));
        }

        // The limit applies after the split.
        Dataset few = Dataset.Load(_folder.Path, options with { Limit = 5 });
        Assert.That(few.Train.Pixels.ToArray(), Is.EqualTo(dataset.Train.Pixels.ToArray()[..(5 * 16)]));
        Assert.That(few.Sha256, Is.EqualTo(dataset.Sha256));
    }

    [Test]
    public void Load_NoLabelFiles_HasNoClasses()
    {
        IdxSet.Write(_folder.Path, 6, 4, 8, packed: false);
        File.Delete(_folder.File(IdxSet.Names[1]));
        File.Delete(_folder.File(IdxSet.Names[3]));

        Dataset dataset = Dataset.Load(_folder.Path);

        Assert.That(dataset.ClassNames, Is.Empty);
        Assert.That(dataset.Test.Labels, Is.EqualTo(new int[4]));
        Assert.That(dataset.Notes, Has.One.Contains("no labels"));
    }

    [Test]
    public void Load_FourDimensions_AreColor()
    {
        byte[] pixels = [.. Enumerable.Range(0, 2 * 8 * 8 * 3).Select(value => (byte)value)];
        Write([IdxSet.Names[1], IdxSet.Names[3]], IdxSet.Labels(2), IdxSet.Labels(2));
        string[] images = ["train-images-idx4-ubyte", "t10k-images-idx4-ubyte"];
        byte[] content = IdxSet.Content([0, 0, 8, 4], [2, 8, 8, 3], pixels);
        Write(images, content, content);

        Dataset dataset = Dataset.Load(_folder.Path);

        Assert.That(dataset.Train.Shape, Is.EqualTo(new ImageShape(8, ImageShape.Color)));
        Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(pixels));

        File.WriteAllBytes(_folder.File(images[1]), IdxSet.Images(2, 8, 8));
        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("gray"));
    }

    [TestCase(10, 10, 12)]
    [TestCase(30, 27, 32)]
    [TestCase(1, 64, 64)]
    [TestCase(3, 2, 8)]
    [TestCase(516, 100, 512)]
    [TestCase(600, 600, 512)]
    public void Load_ShapeThatTheModelCannotTake_IsLaidOnBlack(int height, int width, int side)
    {
        byte[] images = IdxSet.Images(2, height, width);
        Array.Fill(images, (byte)200, 16, height * width);
        Write([.. IdxSet.Names], images, IdxSet.Labels(2), images, IdxSet.Labels(2));

        Dataset dataset = Dataset.Load(_folder.Path);

        Assert.That(dataset.Train.Side, Is.EqualTo(side));
        Assert.That(dataset.Notes, Has.One.Contains($"{height} x {width}").And.One.Contains($"{side} x {side}"));
        ReadOnlySpan<byte> first = dataset.Train.Pixels.ToArray().AsSpan(0, side * side);
        (int rows, int columns) = Math.Max(height, width) <= side
            ? (height, width)
            : ((int)Math.Round(512.0 * height / Math.Max(height, width)), (int)Math.Round(512.0 * width / Math.Max(height, width)));
        (int top, int left) = ((side - rows) / 2, (side - columns) / 2);
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                bool isInside = y >= top && y < top + rows && x >= left && x < left + columns;
                Assert.That(first[(y * side) + x], Is.EqualTo(isInside ? 200 : 0), $"{y}, {x}");
            }
        }
    }

    [Test]
    public void Load_HashFile_IsComparedByTheNameThatIsThere()
    {
        string[] names = ["train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"];
        Write(names);
        string Line(int part, int change) => Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData([.. Contents[part].AsSpan(change)])) + $"  {names[part]}\n";
        File.WriteAllText(_folder.File("SHA256SUMS"), Line(0, 0) + Line(1, 0) + Line(2, 0) + Line(3, 0));
        Assert.That(Dataset.Load(_folder.Path).Train.Count, Is.EqualTo(30));

        File.WriteAllText(_folder.File("SHA256SUMS"), Line(0, 1) + Line(1, 0) + Line(2, 0) + Line(3, 0));
        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains(names[0]));
    }

    private static DataOptions Flip => new() { Pictures = new PictureReading { Flip = true } };

    private static IEnumerable<string> Emnist(string set) => IdxSet.Names
        .Select(name => $"emnist-{set}-{name.Replace("t10k", "test", StringComparison.Ordinal)}.gz");

    private static byte[] Transposed(byte[] pixels, int side) => [.. Enumerable.Range(0, pixels.Length).Select(i =>
        pixels[(i / (side * side) * side * side) + (i % side * side) + (i / side % side)])];

    private void Write(params string[] names) => Write(names, Contents);

    private void Write(string[] names, params byte[][] contents)
    {
        foreach ((string name, byte[] content) in names.Zip(contents))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllBytes(_folder.File(name), name.EndsWith(".gz", StringComparison.Ordinal) ? IdxSet.Pack(content) : content);
        }
    }
}
