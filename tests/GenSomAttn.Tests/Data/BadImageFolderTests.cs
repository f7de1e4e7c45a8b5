using System.Diagnostics;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Invalid image folders: without pictures, beyond the limits, with links; and names that only look like links.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BadImageFolderTests : IDisposable
{
    private static readonly DataOptions Tiny = new(ImageSize: 4);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestCase(new string[0], "t10k-labels-idx1-ubyte", TestName = "nothing")]
    [TestCase(new[] { "test/a/1.png" }, "make the other", TestName = "no train folder")]
    [TestCase(new[] { "train/a/1.png", "test/b/1.png" }, "no folder of that name", TestName = "a class in the test set alone")]
    [TestCase(new[] { ".git/1.png" }, "holds 1 other files", TestName = "hidden pictures alone")]
    [TestCase(new[] { "a/1.png" }, "train and test", TestName = "a picture alone")]
    public void Load_NoImageFolder_SaysWhatWasExpected(string[] names, string said)
    {
        foreach (string name in names)
        {
            PictureFolder.WritePlain(_folder.Path, name, 1);
        }

        Assert.That(() => Dataset.Load(_folder.Path, Tiny),
            Throws.TypeOf<DataException>().With.Message.Contains(_folder.Path).And.Message.Contains(said));
    }

    [Test]
    public void Load_PicturesThatTakeTooLong_AreBroken()
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);

        Assert.That(
            () => ImageFolder.Load(_folder.Path, Tiny, mostTime: TimeSpan.Zero),
            Throws.TypeOf<DataException>().With.Message.Contains("1.png").And.Message.Contains("s to read"));
        Assert.That(ImageFolder.Load(_folder.Path, Tiny, TimeSpan.FromHours(1)).Train.Count, Is.EqualTo(1));
    }

    [Test]
    public void Load_OddNames_ArePicturesLikeOthers()
    {
        string[] names = ["..a", "a b", "%2e%2e%2f", "..\\..\\x", "-rf", "a\nb", "ä€😀", "CON", "a:b"];
        foreach (string name in names)
        {
            PictureFolder.WritePlain(_folder.Path, $"train/ {name}/1{name}.png", 1);
            PictureFolder.WritePlain(_folder.Path, $"test/ {name}/2{name}.png", 2);
        }

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.ClassNames, Is.EqualTo(names.Select(name => " " + name).Order(StringComparer.Ordinal)));
        Assert.That((dataset.Train.Count, dataset.Test.Count), Is.EqualTo((names.Length, names.Length)));
    }

    [Test]
    [Platform("Linux")]
    public void Load_NameThatIsNoText_IsBroken()
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        Shell(@"cp train/a/1.png train/a/$'\xff'.png");

        Assert.That(
            () => Dataset.Load(_folder.Path, Tiny),
            Throws.TypeOf<DataException>().With.Message.Contains("Cannot use").And.Message.Contains("not valid UTF-8"));
        Assert.That(Dataset.Load(_folder.Path, Tiny with { SkipBroken = true }).Train.Count, Is.EqualTo(1));

        // .NET cannot delete a file whose name it cannot represent.
        Shell(@"rm train/a/$'\xff'.png");
    }

    [TestCase("ln -s ../../../outside.png train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s absent train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s ../.. train/a/loop", "train/a/loop")]
    [TestCase("ln -s . train/loop", "train/loop")]
    [TestCase("ln -s /usr train/usr", "train/usr")]
    [Platform("Linux")]
    public void Load_SymbolicLink_IsPassedOverCountedAndNamed(string command, string name)
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        Shell(command);

        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.Train.Count, Is.EqualTo(1));
        Assert.That(
            dataset.Notes, Has.Some.StartsWith("1 symbolic links are not followed").And.Some.Contains(_folder.File(name))
                .And.Some.Contains("--follow-links"));
    }

    [TestCase("ln -s ../../../b/3.png train/a/2.png", 2)]
    [TestCase("ln -s ../b train/a/more", 2)]
    [TestCase("ln -s ../.. train/a/loop", 1)]
    [TestCase("ln -s ../a train/a/self", 1)]
    [Platform("Linux")]
    public void Load_FollowLinks_ReadsWhatTheyLeadToAndEnds(string command, int expected)
    {
        string data = _folder.File("data");
        PictureFolder.WritePlain(data, "train/a/1.png", 1);
        PictureFolder.WritePlain(data, "test/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "b/3.png", 3);
        PictureFolder.WritePlain(data, "train/b/3.png", 3);
        Shell($"cd data && {command}");

        Dataset dataset = Dataset.Load(data, Tiny with { Pictures = new PictureReading { FollowLinks = true } });

        Assert.That(dataset.Train.Labels.Count(label => label == 0), Is.EqualTo(expected));
    }

    [Test]
    [Platform("Linux")]
    public void Load_LinksAlone_SaysHowTheyAreFollowed()
    {
        string data = _folder.File("data");
        PictureFolder.WritePlain(_folder.Path, "b/3.png", 3);
        Directory.CreateDirectory(data);
        Shell("ln -s ../b data/a");

        Assert.That(() => Dataset.Load(data, Tiny), Throws.TypeOf<DataException>().With.Message.Contains("--follow-links"));
    }

    [Test]
    [Platform("Linux")]
    public void Load_LinkToNothing_IsBrokenWhereLinksAreFollowed()
    {
        PictureFolder.WritePlain(_folder.Path, "a/1.png", 1);
        Shell("ln -s absent a/2.png");

        Assert.That(
            () => Dataset.Load(_folder.Path, Tiny with { Pictures = new PictureReading { FollowLinks = true } }),
            Throws.TypeOf<DataException>().With.Message.Contains("a/2.png"));
    }

    [Test]
    [Platform("Linux")]
    public void Load_LinkToTheFolderItself_IsFollowed()
    {
        PictureFolder.WritePlain(_folder.Path, "data/train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "data/test/a/1.png", 1);
        Shell("ln -s data link");

        Assert.That(Dataset.Load(_folder.File("link"), Tiny).Train.Count, Is.EqualTo(1));
    }

    [Test]
    [Platform("Linux")]
    [CancelAfter(10_000)]
    public void Load_Pipe_IsBrokenAndNotWaitedFor()
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        Shell("mkfifo train/a/2.png");

        Assert.That(() => Dataset.Load(_folder.Path, Tiny),
            Throws.TypeOf<DataException>().With.Message.Contains(_folder.File("train/a/2.png")));
    }

    [Test]
    public void Load_FileTooLong_IsBroken()
    {
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        string path = PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength((256 << 20) + 1);
        }

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>()
            .With.Message.Contains("268435457 bytes, more than the 268435456 that can be read: resize"));
    }

    /// <summary>A scan of a poster is valid but exceeds the reader's limit.</summary>
    [Test]
    public void Load_PictureTooLarge_SaysThatAndNotThatItIsDamaged()
    {
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        byte[] large = PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", PictureBytes.Header(30_000, 20_000, 8, 0)),
            PictureBytes.Chunk("IDAT", [1]), PictureBytes.Chunk("IEND", []));
        PictureFolder.Write(_folder.Path, "train/a/1.png", large);

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>()
            .With.Message.Contains("it has 30000 x 20000 pixels, more than can be read: resize").And.Message.Not.Contains("intact"));
    }

    [Test]
    public void Load_FileThatIsNoDataSet_SaysWhatIsNeeded()
    {
        string file = PictureFolder.Write(_folder.Path, "mnist.mat", [1]);

        Assert.That(() => Dataset.Load(file), Throws.TypeOf<DataException>()
            .With.Message.Contains($"{file} is a file").And.Message.Not.Contains("There is no"));
        Assert.That(() => Dataset.Load(_folder.File("gone")), Throws.TypeOf<DataException>().With.Message.Contains("--data"));
    }

    [Test]
    public void Load_MoreThan256Classes_HaveTheirLabels()
    {
        for (int n = 0; n < 300; n++)
        {
            PictureFolder.WritePlain(_folder.Path, $"train/{n:000}/1.png", 1);
        }

        PictureFolder.WritePlain(_folder.Path, "test/299/1.png", 1);
        Dataset dataset = Dataset.Load(_folder.Path, Tiny);

        Assert.That(dataset.Train.Labels.Order(), Is.EqualTo(Enumerable.Range(0, 300)));
        Assert.That(dataset.Test.Labels.Single(), Is.EqualTo(299));
    }

    [Test]
    public void Load_MorePixelsThanFitIntoMemory_IsRefusedUnread()
    {
        // 2731 · 512 · 512 · 3 is the first above 2^31 bytes; none of the files is a picture.
        Directory.CreateDirectory(_folder.File("train/a"));
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        for (int n = 0; n < 2731; n++)
        {
            File.Create(_folder.File($"train/a/{n}.png")).Dispose();
        }

        Assert.That(() => Dataset.Load(_folder.Path, new DataOptions(ImageSize: 512, Channels: 3)),
            Throws.TypeOf<DataException>().With.Message.Contains("2147745792").And.Message.Contains("--image-size"));
        Assert.That(() => Dataset.Load(_folder.Path, new DataOptions(ImageSize: 508, Channels: 3)),
            Throws.TypeOf<DataException>().With.Message.Contains("Cannot use"));
    }

    [TestCase(0)]
    [TestCase(6)]
    [TestCase(516)]
    public void Load_SizeThatTheModelCannotTake_Throws(int size) =>
        Assert.That(() => Dataset.Load(_folder.Path, new DataOptions(ImageSize: size)), Throws.TypeOf<ArgumentOutOfRangeException>());

    private void Shell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = _folder.Path })!;
        shell.WaitForExit();
        Assert.That(shell.ExitCode, Is.Zero, command);
    }
}
