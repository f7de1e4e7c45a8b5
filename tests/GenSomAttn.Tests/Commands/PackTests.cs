using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>pack: a data set as IDX files that read as the same set.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PackTests : IDisposable
{
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Packed => _folder.File("packed");

    [Test]
    public void Pack_FolderOfPictures_ReadsAsTheSameSet()
    {
        string data = _folder.File("data");
        PictureFolder.WriteQuarters(data, 20);

        CommandAssert.Succeeds("pack", data, "--image-size", "12", "--test-share", "0.25", "--output", Packed);

        Dataset expected = Dataset.Load(data, new DataOptions(ImageSize: 12) { Pictures = new PictureReading { TestShare = 0.25 } });
        IsTheSame(expected, Dataset.Load(Packed));
        Assert.That(Dataset.Load(Packed).Notes, Is.Empty);
        string[] files =
        [
            "SHA256SUMS", "files-test.txt", "files-train.txt", "labels.txt", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte",
        ];
        Assert.That(Directory.EnumerateFileSystemEntries(Packed).Select(Path.GetFileName), Is.EquivalentTo(files));
        foreach (string[] line in File.ReadAllLines(Path.Combine(Packed, "SHA256SUMS")).Select(line => line.Split("  ")))
        {
            Assert.That(line[0], Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Packed, line[1]))))));
        }

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path).Count(), Is.EqualTo(2), "nothing stays beside");
        Dataset few = Dataset.Load(Packed, new DataOptions(Limit: 3));
        Assert.That(few.Train.Names, Is.EqualTo(expected.Train.Names!.Take(3)));
    }

    [Test]
    public void Pack_FolderThatIsNotEmpty_IsKept()
    {
        CommandAssert.Succeeds("pack", SharedRun.Data, "--output", Packed);
        CommandAssert.Fails(Usage, ["pack", SharedRun.Data, "--output", Packed], "--force", Packed);
        CommandAssert.Succeeds("pack", SharedRun.Data, "--limit", "2", "--output", Packed, "--force");
        Assert.That(Dataset.Load(Packed).Train.Count, Is.EqualTo(2));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo([Packed]), "nothing is left beside");

        File.WriteAllText(Path.Combine(Packed, "mine"), "x");
        CommandAssert.Fails(Usage, ["pack", SharedRun.Data, "--output", Packed, "--force"], "mine");
        Assert.That(File.Exists(Path.Combine(Packed, "mine")));
    }

    [Test]
    public void Pack_WithoutOutputOrIntoAFile_SaysSo()
    {
        CommandAssert.Fails(Usage, ["pack", SharedRun.Data], "--output");
        File.WriteAllText(Packed, "x");
        CommandAssert.Fails(Usage, ["pack", SharedRun.Data, "--output", Packed], "is a file");
    }

    [Test]
    public void Write_ColorWithoutLabels_ReadAsTheSameSet()
    {
        Dataset color = TinyData.LoadColor(6, 4, 8);
        static ImageSet WithoutLabels(ImageSet set) => new(set.Pixels.ToArray(), new int[set.Count], set.Shape);
        Dataset unlabeled = new(WithoutLabels(color.Train), WithoutLabels(color.Test), [], "");
        PackedSet.Write(unlabeled, _folder.Path);

        IsTheSame(unlabeled, Dataset.Load(_folder.Path));
        Assert.That(File.Exists(_folder.File("train-images-idx4-ubyte")));
    }

    [Test]
    public void Write_MoreClassesThanAByteHas_AreRefused()
    {
        ImageSet images = TinyData.Load(3, 3, 8).Train;
        Dataset many = new(images, images, [.. Enumerable.Range(0, 257).Select(n => $"class {n}")], "");

        Assert.That(() => PackedSet.Write(many, _folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("257"));
    }

    [Test]
    public void Write_NameThatIsNoLine_IsRefused()
    {
        ImageSet images = TinyData.Load(1, 1, 8).Train;
        ImageSet named = new(images.Pixels.ToArray(), images.Labels, images.Shape) { Names = ["a\nb.png"] };

        Assert.That(() => PackedSet.Write(new Dataset(named, named, ["x"], ""), _folder.Path), Throws.TypeOf<DataException>());
    }

    [Test]
    public void Load_OtherNumberOfNames_IsRefused()
    {
        IdxSet.Write(_folder.Path, 3, 3, 8);
        File.WriteAllText(_folder.File("files-train.txt"), "a\nb\n");

        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("2 lines"));
    }

    private static void IsTheSame(Dataset expected, Dataset actual)
    {
        foreach ((ImageSet mine, ImageSet theirs) in (IEnumerable<(ImageSet, ImageSet)>)
            [(expected.Train, actual.Train), (expected.Test, actual.Test)])
        {
            Assert.That(theirs.Shape, Is.EqualTo(mine.Shape));
            Assert.That(theirs.Pixels.ToArray(), Is.EqualTo(mine.Pixels.ToArray()));
            Assert.That(theirs.Labels, Is.EqualTo(mine.Labels));
            Assert.That(theirs.Names, Is.EqualTo(mine.Names));
        }

        Assert.That(actual.ClassNames, Is.EqualTo(expected.ClassNames));
    }
}
