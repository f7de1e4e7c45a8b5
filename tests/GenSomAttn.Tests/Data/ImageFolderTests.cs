using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Data;

/// <summary>Image folders that are accepted, and the loaded data.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageFolderTests : IDisposable
{
    private static readonly DataOptions Tiny = new(ImageSize: 4);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_TrainAndTest_LabelsByOrdinalNameAndPixelsOfEach()
    {
        (string Name, int Gray)[] files =
        [
            ("train/b/1.png", 10), ("train/b/2.PNG", 20), ("train/a/x.png", 30), ("train/Z/1.png", 40), ("test/b/1.png", 50),
        ];
        foreach ((string name, int gray) in files)
        {
            PictureFolder.WritePlain(_folder.Path, name, gray);
        }

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        string[] classes = ["Z", "a", "b"];
        Assert.That(dataset.ClassNames, Is.EqualTo(classes));
        Assert.That(Images(dataset.Train), Is.EquivalentTo(new[] { (2, 10), (2, 20), (1, 30), (0, 40) }));
        Assert.That(Images(dataset.Test), Is.EqualTo(new[] { (2, 50) }));
        Assert.That(Notes(dataset), Is.Empty);
    }

    [Test]
    public void Load_NoSize_GivesImagesOf28()
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 7, side: 40);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 8, side: 3);

        Dataset dataset = Dataset.Load(_folder.Path);

        Assert.That((dataset.Train.Side, dataset.Test.Side), Is.EqualTo((28, 28)));
        Assert.That(Images(dataset.Train).Concat(Images(dataset.Test)), Is.EqualTo(new[] { (0, 7), (0, 8) }));
    }

    [Test]
    public void Load_EveryFormatAndWrongEndings_IsReadByContent()
    {
        byte[] bmp = PictureBytes.Bmp(1, 1, 24, [], [9, 9, 9, 0]);
        byte[] jpeg = PictureBytes.Jpeg(0xC0, 8, 8, 0, PictureBytes.Scan(0, 63, 0, 0b00111111));
        PictureFolder.Write(_folder.Path, "train/a/1.bmp", bmp);
        PictureFolder.Write(_folder.Path, "train/a/2.jpg", jpeg);
        PictureFolder.Write(_folder.Path, "train/a/3.JPEG", bmp);
        PictureFolder.Write(_folder.Path, "train/a/4", bmp);
        PictureFolder.Write(_folder.Path, "train/a/5.dat", PictureSeeds.Encode([9, 9, 9], 1, 1, new GifEncoder()));
        PictureFolder.Write(
            _folder.Path, "train/a/6.jpg",
            PictureSeeds.Encode([9, 9, 9], 1, 1, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }));
        PictureFolder.Write(_folder.Path, "test/a/1.png", jpeg);

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(Images(dataset.Train), Is.EquivalentTo(new[] { (0, 9), (0, 128), (0, 9), (0, 9), (0, 9), (0, 9) }));
        Assert.That(Images(dataset.Test), Is.EqualTo(new[] { (0, 128) }));
    }

    [Test]
    public void Load_SameFilesMadeInAnotherOrder_IsTheSame()
    {
        using TemporaryFolder other = new();
        string[] names = [.. Enumerable.Range(0, 60).Select(n => $"{(n % 3 == 0 ? "cats" : "dogs")}/{n}.png")];
        foreach (string name in names)
        {
            PictureFolder.WritePlain(_folder.Path, name, name.Length + name[^5]);
        }

        foreach (string name in names.Reverse())
        {
            PictureFolder.WritePlain(other.Path, name, name.Length + name[^5]);
        }

        (Dataset first, Dataset second) = (Dataset.Load(_folder.Path, Tiny), Dataset.Load(other.Path, Tiny));

        Assert.That(second.Train.Pixels.ToArray(), Is.EqualTo(first.Train.Pixels.ToArray()));
        Assert.That(second.Test.Labels, Is.EqualTo(first.Test.Labels));
        Assert.That(second.Sha256, Is.EqualTo(first.Sha256));
        byte[] hashes = [.. SHA256.HashData(first.Train.Pixels.ToArray()), .. SHA256.HashData(Bytes(first.Train.Labels)),
            .. SHA256.HashData(first.Test.Pixels.ToArray()), .. SHA256.HashData(Bytes(first.Test.Labels))];
        Assert.That(first.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(hashes))));
        Assert.That(Dataset.Load(_folder.Path, Tiny with { ImageSize = 8 }).Sha256, Is.Not.EqualTo(first.Sha256));
    }

    [Test]
    public void Load_WithoutTrainAndTest_SplitsByTheHashOfEachName()
    {
        const int Count = 490;
        for (int n = 0; n < Count; n++)
        {
            PictureFolder.WritePlain(_folder.Path, $"{n / 245}/{n}.png", n % 245);
        }

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        // A seventh is 70; a uniform hash has a standard deviation of sqrt(490 / 7 · 6 / 7) = 7.7. Names are fixed, and so is the count.
        Assert.That(dataset.Test.Count, Is.InRange(70 - 16, 70 + 16));
        Assert.That(dataset.Train.Count, Is.EqualTo(Count - dataset.Test.Count));
        Assert.That(Notes(dataset).Single(), Does.Contain($"{dataset.Test.Count} of {Count}").And.Contain("hash"));

        // Of "0/3.png" and "0/0.png", sha256sum prints b55f46f80c48a1af... and 6e06e228554dadd9...: modulo 7, 0 and 1.
        Assert.That(Images(dataset.Test), Does.Contain((0, 3)));
        Assert.That(Images(dataset.Train), Does.Contain((0, 0)));

        // Pictures are added and removed; the others stay in their set.
        HashSet<(int, int)> test = [.. Images(dataset.Test)];
        Directory.EnumerateFiles(_folder.Path, "*5.png", SearchOption.AllDirectories).ToList().ForEach(File.Delete);
        Assert.That(Images(Dataset.Load(_folder.Path, Tiny).Test), Is.SubsetOf(test));
    }

    [Test]
    public void Load_Limit_TakesAMixtureAndKeepsTheHash()
    {
        for (int n = 0; n < 40; n++)
        {
            PictureFolder.WritePlain(_folder.Path, $"train/{n / 20}/{n}.png", n);
            PictureFolder.WritePlain(_folder.Path, $"test/{n / 20}/{n}.png", n);
        }

        Dataset all = Dataset.Load(_folder.Path, Tiny);
        Dataset few = Dataset.Load(_folder.Path, Tiny with { Limit = 12 });

        Assert.That((few.Train.Count, few.Test.Count), Is.EqualTo((12, 12)));
        Assert.That(few.Train.Pixels.ToArray(), Is.EqualTo(all.Train.Pixels.ToArray()[..(12 * 16)]));
        Assert.That(few.Test.Labels, Is.EqualTo(all.Test.Labels[..12]));
        Assert.That(few.Train.Labels.Count(label => label == 0), Is.InRange(3, 9), "a mixture");
        Assert.That(few.Sha256, Is.EqualTo(all.Sha256));
    }

    [Test]
    public void Load_BrokenFile_IsNamedOrSkippedAndCounted()
    {
        for (int n = 0; n < 5; n++)
        {
            PictureFolder.WritePlain(_folder.Path, $"train/a/{n}.png", n);
            PictureFolder.WritePlain(_folder.Path, $"test/a/{n}.png", n);
        }

        string broken = PictureFolder.Write(_folder.Path, "train/a/bad.png", PictureBytes.GrayPng(4, 4, (_, _) => 1)[..^1]);
        Assert.That(() => Dataset.Load(_folder.Path, Tiny),
            Throws.TypeOf<DataException>().With.Message.Contains(broken).And.Message.Contains("--skip-broken"));

        string[] more = ["test/a/empty.png", "test/a/text.jpg", "test/a/other.bmp"];
        foreach (string name in more)
        {
            PictureFolder.Write(_folder.Path, name, [.. name.Skip(12).Select(letter => (byte)letter)]);
        }

        Dataset dataset = Dataset.Load(_folder.Path, Tiny with { SkipBroken = true });

        Assert.That(Images(dataset.Train), Is.EquivalentTo(Enumerable.Range(0, 5).Select(n => (0, n))));
        Assert.That(Images(dataset.Test), Is.EquivalentTo(Enumerable.Range(0, 5).Select(n => (0, n))));
        Assert.That(Notes(dataset).Single(),
            Does.StartWith("4 of 14 pictures cannot be used").And.Contain("a/bad.png: ").And.EndsWith(" ..."));
    }

    [Test]
    public void Load_NotSquare_KeepsTheMiddleAndSaysSo()
    {
        PictureFolder.Write(_folder.Path, "train/a/1.png", PictureBytes.GrayPng(12, 4, (x, _) => x is >= 4 and < 8 ? 99 : 0));
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 5);

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(Images(dataset.Train), Is.EqualTo(new[] { (0, 99) }));
        Assert.That(Notes(dataset).Single(), Does.StartWith("1 of 2 pictures are not square"));
    }

    [Test]
    public void Load_OtherFiles_ArePassedOverAndCounted()
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 2);
        string[] others =
        [
            "train/a/Thumbs.db", "train/a/notes.txt", "train/a/.hidden.png", "train/a/.DS_Store", "train/.git/x.png", "README.txt",
            "__MACOSX/train/a/._1.png", "desktop.ini",
        ];
        foreach (string name in others)
        {
            PictureFolder.Write(_folder.Path, name, [1, 2, 3]);
        }

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((1, 1)));
        Assert.That(dataset.ClassNames.Single(), Is.EqualTo("a"));
        Assert.That(Notes(dataset).Single(), Does.StartWith("8 files and folders are no pictures or hidden"));
    }

    /// <summary>Returns the notes but for those on images of one color and on duplicates, which are in most of these sets.</summary>
    private static IEnumerable<string> Notes(Dataset dataset) => dataset.Notes.Where(note =>
        !note.Contains("of one color", StringComparison.Ordinal) && !note.Contains("same pixels", StringComparison.Ordinal)
        && !note.Contains("nearly black", StringComparison.Ordinal));

    private static byte[] Bytes(int[] labels) => Array.ConvertAll(labels, label => (byte)label);

    /// <summary>Returns the label and the one gray of each image.</summary>
    private static IEnumerable<(int Label, int Gray)> Images(ImageSet images)
    {
        int size = images.Side * images.Side;
        for (int n = 0; n < images.Count; n++)
        {
            byte[] pixels = images.Pixels.ToArray()[(n * size)..((n + 1) * size)];
            Assert.That(pixels, Is.All.EqualTo(pixels[0]));
            yield return (images.Labels[n], pixels[0]);
        }
    }
}
