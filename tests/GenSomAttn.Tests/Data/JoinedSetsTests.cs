using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Several data sets as one.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class JoinedSetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_TwoSets_HasTheImagesOfTheFirstAndThenOfTheSecond()
    {
        (string first, string second) = (Idx("a", 5, 3), Idx("b", 7, 4, packed: false));

        Dataset joined = Dataset.Load(new DataPaths(first, second));

        (Dataset one, Dataset two) = (Dataset.Load(first), Dataset.Load(second));
        Assert.That((joined.Train.Count, joined.Test.Count), Is.EqualTo((12, 7)));
        Assert.That(joined.Train.Pixels.ToArray(), Is.EqualTo((byte[])[.. one.Train.Pixels.Span, .. two.Train.Pixels.Span]));
        Assert.That(joined.Test.Pixels.ToArray(), Is.EqualTo((byte[])[.. one.Test.Pixels.Span, .. two.Test.Pixels.Span]));
        Assert.That(joined.Test.Labels, Is.EqualTo((int[])[.. one.Test.Labels, .. two.Test.Labels]));
        Assert.That(joined.Train.Names, Is.EqualTo((string[])
            [.. Enumerable.Range(0, 5).Select(n => $"a/{n}"), .. Enumerable.Range(0, 7).Select(n => $"b/{n}")]));
        byte[] hashes = [.. Convert.FromHexString(one.Sha256), .. Convert.FromHexString(two.Sha256)];
        Assert.That(joined.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(hashes))));
        Assert.That(Dataset.Load(new DataPaths(second, first)).Sha256, Is.Not.EqualTo(joined.Sha256), "the order is a part of the set");
        Assert.That(Dataset.Load(new DataPaths(first)).Sha256, Is.EqualTo(one.Sha256), "one path is the set itself");
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(6)]
    [TestCase(12)]
    public void Load_PartInAFile_StaysInItAndGivesAnyImages(int limit)
    {
        DataPaths paths = new(Idx("a", 5, 3), Idx("b", 7, 4, packed: false));
        byte[] all = Dataset.Load(paths).Train.Pixels.ToArray();

        Dataset some = Dataset.Load(paths, new DataOptions(limit));

        ImageSet images = some.Train;
        Assert.That(images.IsInMemory, Is.False);
        Assert.That(images.Pixels.ToArray(), Is.EqualTo(all[..(limit * 64)]));
        byte[] last = new byte[64];
        images.CopyTo(limit - 1, last);
        Assert.That(last, Is.EqualTo(all[((limit - 1) * 64)..(limit * 64)]));
        Assert.That(images.At([limit - 1, 0]).Pixels.ToArray(), Is.EqualTo((byte[])[.. last, .. all[..64]]));
        Assert.That(images.Names, Has.Count.EqualTo(limit));
        Assert.That(some.Sha256, Is.EqualTo(Dataset.Load(paths).Sha256));
        Assert.That(some.Of(ImageSplit.All).Names, Is.EqualTo((string[])[.. some.Train.Names!, .. some.Test.Names!]));
    }

    [Test]
    public void Load_ClassNames_AreMergedByName()
    {
        (string first, string second) = (Idx("a", 6, 3), Idx("b", 6, 3));
        File.WriteAllText(Path.Combine(first, "labels.txt"), "cat\ndog\nfox\n");
        File.WriteAllText(Path.Combine(second, "labels.txt"), "fox\nowl\ncat\n");

        Dataset joined = Dataset.Load(new DataPaths(first, second));

        Assert.That(joined.ClassNames, Is.EqualTo(["cat", "dog", "fox", "owl"]));
        Assert.That(joined.Train.Labels, Is.EqualTo([0, 1, 2, 0, 1, 2, 2, 3, 0, 2, 3, 0]));
        Assert.That(joined.Notes, Is.Empty);

        File.Delete(Path.Combine(second, "labels.txt"));
        Dataset numbers = Dataset.Load(new DataPaths(first, second));
        Assert.That(numbers.ClassNames, Is.EqualTo(["cat", "dog", "fox", "0", "1", "2"]));
        Assert.That(numbers.Notes, Has.One.Contains("no class in common"));
    }

    [Test]
    public void Load_OneSetWithoutLabels_LeavesThemOutAndSaysSo()
    {
        (string labeled, string unlabeled) = (Idx("a", 6, 3), Idx("b", 6, 3));
        File.Delete(Path.Combine(unlabeled, "train-labels-idx1-ubyte.gz"));
        File.Delete(Path.Combine(unlabeled, "t10k-labels-idx1-ubyte.gz"));

        Dataset joined = Dataset.Load(new DataPaths(labeled, unlabeled));

        Assert.That(joined.ClassNames, Is.Empty);
        Assert.That(joined.Train.Labels, Is.EqualTo(new int[12]));
        Assert.That(joined.Notes, Has.One.EqualTo($"{unlabeled} has no labels, so that those of the other sets are left out"));
    }

    [Test]
    public void Load_ArraysAndAFolderOfColorPictures_HaveTheSideOfTheArraysAndColor()
    {
        string arrays = Idx("a", 6, 3);
        string pictures = _folder.File("pictures");
        for (int n = 0; n < 20; n++)
        {
            byte[] red = [.. Enumerable.Range(0, 5 * 5).SelectMany(_ => new byte[] { 200, 0, 0 })];
            PictureFolder.Write(pictures, $"{n % 3}/{n}.png", PictureBytes.Png(new DecodedPicture(5, 5, 3, red)));
        }

        Dataset joined = Dataset.Load(new DataPaths(pictures, arrays));

        Assert.That(joined.Train.Shape, Is.EqualTo(new ImageShape(8, ImageShape.Color)));
        ImageSet gray = Dataset.Load(arrays).Train;
        byte[] last = joined.Train.Pixels.Span[^(6 * 64 * 3)..].ToArray();
        Assert.That(last, Is.EqualTo(gray.Pixels.ToArray().SelectMany(value => new[] { value, value, value })));
        Assert.That(joined.ClassNames, Is.EqualTo(["0", "1", "2"]));
        Assert.That(joined.Train.Names![0], Does.Match(@"^pictures/\d/\d+\.png$"));
        Assert.That(joined.Train.Names[^1], Is.EqualTo("a/5"));
        Assert.That(joined.Notes, Has.One.Contains("one of the sets is color"));
    }

    [Test]
    public void Load_SetsThatDoNotFit_AreNamed()
    {
        (string first, string other) = (Idx("a", 5, 3), _folder.File("c"));
        Directory.CreateDirectory(other);
        IdxSet.Write(other, 5, 3, 12);

        Refuses(new DataPaths(first, other), first, other, "8 x 8", "12 x 12");
        Refuses(new DataPaths(first, first + "/"), first, "twice");
        Refuses(new DataPaths(first, _folder.File("none")), _folder.File("none"));

        static void Refuses(DataPaths paths, params string[] words)
        {
            string message = Assert.Throws<DataException>(() => Dataset.Load(paths))!.Message;
            Assert.That(words.Where(word => !message.Contains(word, StringComparison.Ordinal)), Is.Empty, message);
        }
    }

    [Test]
    public void Load_SetsOfTheSameName_AreToldApartByTheirPaths()
    {
        (string first, string second) = (Idx("x/a", 5, 3), Idx("y/a", 5, 3));

        Dataset joined = Dataset.Load(new DataPaths(first, second));

        Assert.That((joined.Train.Names![4], joined.Train.Names[5]), Is.EqualTo(($"{first}/4", $"{second}/0")));
    }

    private string Idx(string name, int train, int test, bool packed = true)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(path);
        IdxSet.Write(path, train, test, 8, packed);
        return path;
    }
}
