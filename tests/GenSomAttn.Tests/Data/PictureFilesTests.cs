using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Picture files that are read batch by batch.</summary>
public sealed class PictureFilesTests
{
    private static readonly DataOptions Gray = new(ImageSize: 4, Channels: ImageShape.Gray);

    [Test]
    public void Read_Folder_HasTheImagesOfADataSetInTheOrderOfTheirNames()
    {
        using TemporaryFolder folder = new();
        int[] grays = [10, 200, 30, 40, 50];
        for (int n = 0; n < grays.Length; n++)
        {
            PictureFolder.WritePlain(folder.Path, $"{n}/{n}.png", grays[n], side: 6 + n);
        }

        ImageSet[] batches = [.. new PictureFiles([folder.Path], Gray).Read(batch: 2)];

        Assert.That(batches.Select(batch => batch.Count), Is.EqualTo([2, 2, 1]));
        Assert.That(
            batches.SelectMany(batch => batch.Pixels.ToArray()), Is.EqualTo(grays.SelectMany(gray => Enumerable.Repeat((byte)gray, 16))));
        Assert.That(
            batches.SelectMany(batch => batch.Names!), Is.EqualTo(Enumerable.Range(0, 5).Select(n => folder.File($"{n}/{n}.png"))));
    }

    [Test]
    public void Read_GrayPictureForAColorModel_HasEqualChannels()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WritePlain(folder.Path, "a.png", 77);

        ImageSet images = new PictureFiles([folder.File("a.png")], Gray with { Channels = ImageShape.Color }).Read(batch: 3).Single();

        Assert.That(images.Shape, Is.EqualTo(new ImageShape(4, ImageShape.Color)));
        Assert.That(images.Pixels.ToArray(), Is.All.EqualTo(77));
    }

    /// <summary>Otherwise the memory would grow with the number of pictures: the broken one is in the second batch.</summary>
    [Test]
    public void Read_FirstBatch_ReadsNoOther()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WritePlain(folder.Path, "a.png", 77);
        PictureFolder.Write(folder.Path, "b.png", [1]);
        using IEnumerator<ImageSet> batches = new PictureFiles([folder.Path], Gray).Read(batch: 1).GetEnumerator();

        Assert.That(batches.MoveNext(), Is.True);
        Assert.That(() => batches.MoveNext(), Throws.TypeOf<DataException>().With.Message.Contains("b.png"));
    }

    /// <summary>Paths longer than a block of the list too, and more than one block holds.</summary>
    [Test]
    public void Read_ManyPaths_GivesThemInTheirOrder()
    {
        PathList paths = new();
        string[] expected = [.. Enumerable.Range(0, 9000).Select(n => $"{n}/ä\U0001F600\n.png"), new string('x', 70_000), "last"];

        Array.ForEach(expected, paths.Add);

        Assert.That(paths, Is.EqualTo(expected));
        Assert.That(paths.Sorted(), Is.EqualTo(expected.Order(StringComparer.Ordinal)));
        Assert.That(paths.Count, Is.EqualTo(expected.Length));
    }

    /// <summary>Folders are listed one after another, in the order of all paths: - and . come before the slash, 0 after it.</summary>
    [Test]
    public void Read_FoldersAndFilesOfSimilarNames_AreInTheOrderOfTheirPaths()
    {
        using TemporaryFolder folder = new();
        string[] names = ["a/z.png", "a-b.png", "a.png", "a0.png", "a/b/c.png", "a/b.png", "a.b/c.png", "A.png"];
        Array.ForEach(names, name => PictureFolder.WritePlain(folder.Path, name, 90));

        PictureFiles files = new([folder.Path], new DataOptions());

        Assert.That(
            files.Read(3).SelectMany(images => images.Names!),
            Is.EqualTo(names.Select(name => $"{folder.Path}/{name}").Order(StringComparer.Ordinal)));
    }

    [Test]
    public void Read_PictureThatVanishedAfterTheListing_IsNamed()
    {
        using TemporaryFolder folder = new();
        string gone = PictureFolder.WritePlain(folder.Path, "a.png", 77);
        PictureFolder.WritePlain(folder.Path, "b.png", 88);
        PictureFiles strict = new([folder.Path], Gray);
        PictureFiles lenient = new([folder.Path], Gray with { SkipBroken = true });
        File.Delete(gone);

        Assert.That(() => strict.Read(2).ToArray(), Throws.TypeOf<DataException>().With.Message.Contains(gone));
        Assert.That(lenient.Read(2).Single().Names, Is.EqualTo([folder.File("b.png")]));
        Assert.That(lenient.Skipped, Is.EqualTo(1));
        Assert.That(lenient.Notes().Single(), Does.StartWith($"1 of 2 pictures cannot be used and are left out: {gone}: "));
    }
}
