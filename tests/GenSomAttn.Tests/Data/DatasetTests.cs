using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Data folders that are accepted, and the loaded data.</summary>
public sealed class DatasetTests
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    [Test]
    public void Load_ShippedSet_HasTheCountsOfFashionMnist()
    {
        Dataset dataset = Dataset.Load(DataFolders.Default());

        Assert.That(dataset.Train.Count, Is.EqualTo(60_000));
        Assert.That(dataset.Test.Count, Is.EqualTo(10_000));
        Assert.That(dataset.Train.Side, Is.EqualTo(28));
        Assert.That(dataset.Train.Labels.CountBy(label => label).Select(pair => pair.Value), Has.Exactly(10).EqualTo(6000));
        Assert.That(dataset.Test.Labels.CountBy(label => label).Select(pair => pair.Value), Has.Exactly(10).EqualTo(1000));
        Assert.That(dataset.ClassNames, Has.Count.EqualTo(10));
        Assert.That(dataset.ClassNames[dataset.Train.Labels[0]], Is.EqualTo("Ankle boot"));
        // Mean pixel of the training images as published: 0.2860.
        Assert.That(dataset.Train.Pixels.ToArray().Average(pixel => pixel) / 255, Is.EqualTo(0.2860).Within(5e-5));
        Assert.That(File.ReadAllLines(Path.Combine(DataFolders.Default(), "SHA256SUMS")), Has.Length.EqualTo(4));
    }

    [TestCase(4, true)]
    [TestCase(8, true)]
    [TestCase(32, false)]
    [TestCase(28, false)]
    public void Load_SetOfAnotherSide_GivesItsPixelsAndLabels(int side, bool packed)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, side, packed);

        Dataset dataset = Dataset.Load(folder.Path);

        Assert.That(dataset.Train.Side, Is.EqualTo(side));
        Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(IdxSet.Images(33, side, side)[16..]));
        Assert.That(dataset.Train.Labels, Is.EqualTo(IdxSet.Labels(33)[8..]));
        Assert.That(dataset.Test.Pixels.ToArray(), Is.EqualTo(IdxSet.Images(5, side, side)[16..]));
        Assert.That(dataset.Test.Labels, Is.EqualTo(IdxSet.Labels(5)[8..]));
        string[] names = ["0", "1", "2"];
        Assert.That(dataset.ClassNames, Is.EqualTo(names));
    }

    [TestCase(1, 1, 1)]
    [TestCase(7, 7, 5)]
    [TestCase(33, 33, 5)]
    [TestCase(int.MaxValue, 33, 5)]
    public void Load_Limit_KeepsTheFirstImagesAndTheHash(int limit, int train, int test)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, 8);

        Dataset all = Dataset.Load(folder.Path);
        Dataset dataset = Dataset.Load(folder.Path, new DataOptions(Limit: limit));

        Assert.That(dataset.Train.Count, Is.EqualTo(train));
        Assert.That(dataset.Test.Count, Is.EqualTo(test));
        Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(all.Train.Pixels.ToArray()[..(train * 64)]));
        Assert.That(dataset.Test.Labels, Is.EqualTo(all.Test.Labels[..test]));
        Assert.That(dataset.ClassNames, Is.EqualTo(all.ClassNames));
        Assert.That(dataset.Sha256, Is.EqualTo(all.Sha256));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Load_LimitBelowOne_Throws(int limit)
    {
        Assert.That(() => Dataset.Load(DataFolders.Default(), new DataOptions(limit)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Sha256_PackedAndPlain_IsTheHashOfTheFourContentHashes()
    {
        using TemporaryFolder packed = new();
        using TemporaryFolder plain = new();
        IdxSet.Write(packed.Path, 6, 4, 8);
        IdxSet.Write(plain.Path, 6, 4, 8, packed: false);
        byte[] hashes = [.. IdxSet.Names.SelectMany(name => SHA256.HashData(File.ReadAllBytes(plain.File(name))))];

        string expected = Convert.ToHexStringLower(SHA256.HashData(hashes));

        Assert.That(Dataset.Load(packed.Path).Sha256, Is.EqualTo(expected));
        Assert.That(Dataset.Load(plain.Path).Sha256, Is.EqualTo(expected));
    }

    [TestCase(TrainImages)]
    [TestCase(TrainLabels)]
    [TestCase(TestImages)]
    [TestCase(TestLabels)]
    public void Load_FileMissing_NamesItAndTheFolder(string name)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.Delete(folder.File(name + ".gz"));

        Assert.That(() => Dataset.Load(folder.Path),
            Throws.TypeOf<DataException>().With.Message.Contains(name).And.Message.Contains(folder.Path));
    }

    [Test]
    public void Load_NoFolder_Throws()
    {
        Assert.That(() => Dataset.Load("/no/such/folder"), Throws.TypeOf<DataException>().With.Message.Contains("/no/such/folder"));
    }

    [Test]
    public void Load_FolderInPlaceOfAFile_Throws()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.Delete(folder.File(TestLabels + ".gz"));
        Directory.CreateDirectory(folder.File(TestLabels + ".gz"));

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains(TestLabels));
    }

    [Test]
    public void Load_TrainAndTestOfDifferentSides_Throws()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 2, 2, 8);
        File.WriteAllBytes(folder.File(TestImages + ".gz"), IdxSet.Pack(IdxSet.Images(2, 12, 12)));

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("side 12"));
    }

    [TestCase(5)]
    [TestCase(7)]
    public void Load_AnotherNumberOfLabels_Throws(int labels)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.WriteAllBytes(folder.File(TrainLabels + ".gz"), IdxSet.Pack(IdxSet.Labels(labels)));

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains($"{labels} labels"));
        Assert.That(() => Dataset.Load(folder.Path, new DataOptions(2)), Throws.TypeOf<DataException>(), "also with a limit below both");
    }

    [Test]
    public void Load_LabelBeyondTheNames_Throws()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.WriteAllText(folder.File("labels.txt"), "a\nb\n");
        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("label 2 of image 2"));

        File.WriteAllText(folder.File("labels.txt"), "a\nb\nc\nd\n");
        string[] names = ["a", "b", "c", "d"];
        Assert.That(Dataset.Load(folder.Path).ClassNames, Is.EqualTo(names));
    }

    [TestCase("")]
    [TestCase("a\n\nb\n")]
    [TestCase("a\n\u001b[2Jb\n")]
    [TestCase("a\r\r\n")]
    public void Load_BadClassNames_Throws(string text)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.WriteAllText(folder.File("labels.txt"), text);

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("labels.txt"));
    }

    [Test]
    public void Load_HashFile_IsCompared()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8, packed: false);
        string[] lines = [.. IdxSet.Names.Select(name =>
            $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.File(name))))}  {name}")];
        File.WriteAllLines(folder.File("SHA256SUMS"), lines);
        Assert.That(Dataset.Load(folder.Path).Train.Count, Is.EqualTo(6));

        byte[] changed = IdxSet.Images(4, 8, 8);
        changed[^1] ^= 1;
        File.WriteAllBytes(folder.File(TestImages), changed);
        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains(folder.File(TestImages)));
        Assert.That(() => Dataset.Load(folder.Path, new DataOptions(1)), Throws.TypeOf<DataException>(), "also behind the limit");
    }

    [TestCase("")]
    [TestCase("not a line\n")]
    [TestCase("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9  train-labels-idx1-ubyte\r\r\n")]
    [TestCase("zzzzb3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9  train-labels-idx1-ubyte\n")]
    public void Load_BadHashFile_Throws(string text)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 6, 4, 8);
        File.WriteAllText(folder.File("SHA256SUMS"), text);

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("SHA256SUMS"));
    }
}
