using System.Diagnostics;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Data;

/// <summary>Folders as people have them: flat, nested, with the marks of other systems, split by other names.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FoundFolderTests : IDisposable
{
    private static readonly DataOptions Tiny = new(ImageSize: 4);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase("{0}.png", TestName = "flat")]
    [TestCase("2023/05/{0}.png", TestName = "nested by date")]
    [TestCase("a/disk/{0}.png", TestName = "groups of class folders")]
    public void Load_PicturesInNoClassFolders_HaveNoLabels(string form)
    {
        Write([.. Enumerable.Range(0, 60).Select(n => string.Format(null, form, n))]);

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.ClassNames, Is.Empty);
        Assert.That(dataset.Train.Count + dataset.Test.Count, Is.EqualTo(60));

        // A uniform hash with a share of 0.05 puts 3 of 60 into the test set, with a standard deviation of 1.7.
        Assert.That(dataset.Test.Count, Is.InRange(0, 8));
        Assert.That(dataset.Notes, Has.Some.StartsWith("the pictures have no labels"));
    }

    [Test]
    public void Load_ClassFolders_KeepPicturesOfFoldersWithinThem()
    {
        Write("cat/1.png", "cat/kitten/2.png", "dog/3.png", "dog/4.png");

        Dataset dataset = Dataset.Load(_folder.Path, WithShare(0));

        Assert.That(dataset.ClassNames, Is.EqualTo(Names("cat", "dog")));
        Assert.That(dataset.Train.Labels.Sum(), Is.EqualTo(2));
        Assert.That(dataset.Train.Names, Is.EquivalentTo(Names("cat/1.png", "cat/kitten/2.png", "dog/3.png", "dog/4.png")));
    }

    [Test]
    public void Load_PictureBesideTheClassFolders_IsNamedAndNotUsed()
    {
        Write("cat/1.png", "cat/2.png", "stray.png", "dog/3.png");

        Dataset dataset = Dataset.Load(_folder.Path, WithShare(0));

        Assert.That(dataset.Train.Count, Is.EqualTo(3));
        Assert.That(dataset.Notes, Has.Some.StartsWith("1 pictures beside the class folders are not used, such as stray.png"));
    }

    [Test]
    public void Load_FlatFolderWithOneFolderBeside_UsesAllPictures()
    {
        Write("1.png", "2.png", "3.png", "old/4.png");

        Dataset dataset = Dataset.Load(_folder.Path, WithShare(0));

        Assert.That((dataset.ClassNames.Count, dataset.Train.Count), Is.EqualTo((0, 4)));
    }

    [TestCase("train", "test")]
    [TestCase("Train", "Test")]
    [TestCase("training", "testing")]
    [TestCase("train", "val")]
    [TestCase("train", "valid")]
    [TestCase("train", "Validation")]
    public void Load_SplitFolders_AreTheSets(string train, string test)
    {
        Write($"{train}/a/1.png", $"{train}/b/2.png", $"{test}/a/3.png");

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.Train.Names, Is.EquivalentTo(Names("a/1.png", "b/2.png")));
        Assert.That(dataset.Test.Names, Is.EqualTo(Names("a/3.png")));
        Assert.That(dataset.ClassNames, Is.EqualTo(Names("a", "b")));
    }

    [Test]
    public void Load_TrainTestAndValidation_NamesTheThirdSet()
    {
        Write("train/a/1.png", "val/a/2.png", "val/a/3.png", "test/a/4.png", "beside/5.png");

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.Test.Names, Is.EqualTo(Names("a/4.png")));
        Assert.That(dataset.Notes, Has.Some.StartsWith("the 2 pictures of the validation set are not used"));
        Assert.That(dataset.Notes, Has.Some.StartsWith("1 pictures beside the folders train and test"));
    }

    [Test]
    public void Load_TrainAlone_IsSplitByTheHash()
    {
        Write([.. Enumerable.Range(0, 70).Select(n => $"train/{n % 2}/{n}.png")]);

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        // 10 of 70 with a standard deviation of 2.9.
        Assert.That(dataset.Test.Count, Is.InRange(2, 19));
        Assert.That(dataset.Train.Names!.Concat(dataset.Test.Names!), Is.All.Matches("^[01]/"));
    }

    [TestCase(0.5)]
    [TestCase(0.1)]
    public void Load_TestShare_IsTheShareAndGrowsInPlace(double share)
    {
        const int Count = 400;
        Write([.. Enumerable.Range(0, Count).Select(n => $"{n % 2}/{n}.png")]);

        Dataset dataset = Dataset.Load(_folder.Path, WithShare(share));

        double deviation = Math.Sqrt(Count * share * (1 - share));
        Assert.That((double)dataset.Test.Count, Is.EqualTo(Count * share).Within(3 * deviation));
        Assert.That(dataset.Test.Names, Is.SupersetOf(Dataset.Load(_folder.Path, WithShare(share / 2)).Test.Names!));
        Assert.That(Dataset.Load(_folder.Path, WithShare(0)).Test.Count, Is.Zero);
    }

    /// <summary>The same name, composed as Linux and Windows write it and decomposed as older Macs do.</summary>
    [TestCase("caf\u00E9", "cafe\u0301")]
    [TestCase("Vi\u1EC7t", "Vie\u0323\u0302t")]
    [TestCase("\uD55C\uAE00", "\u1112\u1161\u11AB\u1100\u1173\u11AF")]
    [TestCase("\u304C", "\u304B\u3099")]
    public void Load_NamesInBothForms_AreTheSameClassSplitAndHash(string composed, string decomposed)
    {
        using TemporaryFolder other = new();
        foreach ((string root, string name) in new[] { (_folder.Path, composed), (other.Path, decomposed) })
        {
            for (int n = 0; n < 30; n++)
            {
                PictureFolder.WritePlain(root, $"{name}/{name}{n}.png", n);
                PictureFolder.WritePlain(root, $"b/{n}.png", 50 + n);
            }
        }

        (Dataset first, Dataset second) = (Dataset.Load(_folder.Path, Tiny), Dataset.Load(other.Path, Tiny));

        Assert.That(first.ClassNames, Is.EquivalentTo(Names("b", composed)));
        Assert.That(second.ClassNames, Is.EqualTo(first.ClassNames));
        Assert.That(second.Sha256, Is.EqualTo(first.Sha256));
        Assert.That(second.Test.Names, Is.EqualTo(first.Test.Names));
    }

    [Test]
    public void Load_FormsMixedInTrainAndTest_IsOneClass()
    {
        Write("train/caf\u00E9/1.png", "test/cafe\u0301/2.png");

        Assert.That(Dataset.Load(_folder.Path, Tiny).ClassNames, Is.EqualTo(Names("caf\u00E9")));
    }

    [Test]
    public void Load_WebpNamedJpg_IsRead()
    {
        byte[] rgb = [.. Enumerable.Repeat((byte)90, 16 * 3)];
        PictureFolder.Write(_folder.Path, "a/1.jpg", PictureSeeds.Encode(rgb, 4, 4, new JpegEncoder()));
        PictureFolder.Write(
            _folder.Path, "a/2.jpg", PictureSeeds.Encode(rgb, 4, 4, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }));

        Assert.That(Dataset.Load(_folder.Path, WithShare(0)).Train.Pixels.ToArray(), Is.All.EqualTo(90).Within(1));
    }

    [Test]
    public void Load_Tiff_IsNamedAndSkippedOnDemand()
    {
        Write("a/1.png", "a/2.png");
        PictureFolder.Write(_folder.Path, "a/3.tif", [.. "II*\0"u8, .. new byte[40]]);
        PictureFolder.Write(_folder.Path, "a/4.data", [.. "MM\0*"u8, .. new byte[40]]);

        Assert.That(
            () => Dataset.Load(_folder.Path, WithShare(0)), Throws.Exception.With.Message.Contains("TIFF").And.Message.Contains("convert"));
        Dataset dataset = Dataset.Load(_folder.Path, WithShare(0) with { SkipBroken = true });
        Assert.That(dataset.Train.Count, Is.EqualTo(2));
        Assert.That(dataset.Notes, Has.Some.StartsWith("2 of 4 pictures cannot be used"));
    }

    [Test]
    public void Load_ColorInOnePicture_MakesTheSetColor()
    {
        Write("train/a/1.png", "train/a/2.png");
        PictureFolder.Write(_folder.Path, "test/a/3.png", PictureBytes.Png(PictureBytes.Header(1, 1, 8, 2), [0, 10, 20, 30]));

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);
        Dataset gray = Dataset.Load(_folder.Path, Tiny with { Channels = ImageShape.Gray });

        Assert.That((dataset.Train.Shape, dataset.Test.Shape), Is.EqualTo((new ImageShape(4, 3), new ImageShape(4, 3))));
        Assert.That(dataset.Test.Pixels[..6].ToArray(), Is.EqualTo(new byte[] { 10, 20, 30, 10, 20, 30 }));
        Assert.That(dataset.Train.Pixels.ToArray().Chunk(3).All(pixel => pixel[0] == pixel[1] && pixel[1] == pixel[2]));
        Assert.That(gray.Test.Pixels.ToArray(), Is.All.EqualTo(18), "(299 · 10 + 587 · 20 + 114 · 30 + 500) / 1000");
        Assert.That(gray.Train.Shape, Is.EqualTo(new ImageShape(4, 1)));
    }

    [Test]
    public void Load_TallPictures_PadShowsAllOfThem()
    {
        // 4 x 12, content at top and bottom.
        PictureFolder.Write(_folder.Path, "a/1.png", PictureBytes.GrayPng(4, 12, (_, y) => y is < 4 or >= 8 ? 200 : 0));

        byte[] Read(PictureFit fit)
        {
            var pictures = new PictureReading { Fit = fit, TestShare = 0, Background = PictureBackground.Black };
            return Dataset.Load(_folder.Path, new DataOptions(ImageSize: 12) { Pictures = pictures }).Train.Pixels.ToArray();
        }

        Assert.That(Read(PictureFit.Crop), Is.All.Zero);
        Assert.That(Read(PictureFit.Stretch), Is.EqualTo(Enumerable.Range(0, 144).Select(i => i / 12 is < 4 or >= 8 ? 200 : 0)));
        Assert.That(
            Read(PictureFit.Pad), Is.EqualTo(Enumerable.Range(0, 144).Select(i => i % 12 is >= 4 and < 8 && i / 12 is < 4 or >= 8 ? 200 : 0)
                .Select((value, i) => i % 12 is >= 4 and < 8 ? value : 0)));
    }

    [Test]
    public void Load_OddSets_AreExplained()
    {
        for (int n = 0; n < 4; n++)
        {
            PictureFolder.Write(_folder.Path, $"a/{n}.png", PictureBytes.GrayPng(40, 10, (x, y) => (n / 2) + x + y > 30 ? 20 : 0));
        }

        PictureFolder.Write(_folder.Path, "a/clear.png", PictureBytes.Png(PictureBytes.Header(1, 1, 8, 4), [0, 0, 0]));
        Dataset dataset = Dataset.Load(
            _folder.Path, Tiny with { Pictures = new() { TestShare = 0, Background = PictureBackground.Black } });

        Assert.That(dataset.Notes, Has.Some.StartsWith("4 of 5 pictures are more than 3 times as long"));
        Assert.That(dataset.Notes, Has.Some.StartsWith("1 of 5 pictures have transparent pixels: they are laid over black"));
        Assert.That(dataset.Notes, Has.Some.Contains("training images have the same pixels as another one"));
        Assert.That(dataset.Notes, Has.Some.Contains("training images are of one color"));
        Assert.That(dataset.Notes, Has.Some.StartsWith("no pixel is brighter than "));
        Assert.That(dataset.Notes, Has.Some.StartsWith("there are no test pictures"));
    }

    [Test]
    [Platform("Linux")]
    public void Load_FolderWhoseNameIsNoText_IsNamed()
    {
        Write("a/1.png");
        Shell(@"mkdir $'\xff' && cp a/1.png $'\xff'/2.png");

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.Exception.With.Message.Contains("not valid UTF-8"));

        Shell(@"rm -r $'\xff'");
    }

    private static string[] Names(params string[] names) => names;

    private static DataOptions WithShare(double share) => Tiny with { Pictures = new PictureReading { TestShare = share } };

    private void Write(params string[] names)
    {
        foreach ((int n, string name) in names.Index())
        {
            PictureFolder.WritePlain(_folder.Path, name, 40 + (n % 200));
        }
    }

    private void Shell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = _folder.Path })!;
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, command);
    }
}
