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

    [TestCase(new string[0], "train-labels-idx1-ubyte", TestName = "nothing")]
    [TestCase(new[] { "1.png", "2.txt" }, "holds 1 pictures but no class folders: put", TestName = "pictures without classes")]
    [TestCase(new[] { "train/a/1.png" }, "make the other", TestName = "no test folder")]
    [TestCase(new[] { "test/a/1.png" }, "make the other", TestName = "no train folder")]
    [TestCase(new[] { "train/a/1.png", "test/b/1.png" }, "no folder of that name", TestName = "a class in the test set alone")]
    [TestCase(new[] { "train/a/1.png", "train/b/1.txt", "test/a/1.png" }, "no picture", TestName = "an empty class")]
    [TestCase(new[] { "train/a/1.png", "train/b/1.png", "test/a/1.png", "test/b/x" }, "no picture", TestName = "an empty test class")]
    [TestCase(new[] { "train/a/1.png", "train/a/b/1.png", "test/a/1.png" }, "within a class", TestName = "a folder within a class")]
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

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>().With.Message.Contains("Cannot use"));
        Assert.That(Dataset.Load(_folder.Path, Tiny with { SkipBroken = true }).Train.Count, Is.EqualTo(1));

        // .NET cannot delete a file whose name it cannot represent.
        Shell(@"rm train/a/$'\xff'.png");
    }

    [TestCase("ln -s ../../../outside.png train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s 1.png train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s 2.png train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s absent train/a/2.png", "train/a/2.png")]
    [TestCase("ln -s ../.. train/a/loop", "train/a/loop")]
    [TestCase("ln -s . train/loop", "train/loop")]
    [TestCase("ln -s /usr train/usr", "train/usr")]
    [TestCase("mv train t && ln -s t train", "train")]
    [Platform("Linux")]
    public void Load_SymbolicLink_IsRefusedByName(string command, string name)
    {
        PictureFolder.WritePlain(_folder.Path, "train/a/1.png", 1);
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        Shell(command);

        Assert.That(() => Dataset.Load(_folder.Path, Tiny with { SkipBroken = true }),
            Throws.TypeOf<DataException>().With.Message.Contains(_folder.File(name)));
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
            file.SetLength((32 << 20) + 1);
        }

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>()
            .With.Message.Contains("33554433 bytes, more than the 33554432 that can be read: resize"));
    }

    /// <summary>A camera's picture is valid but exceeds the reader's limit.</summary>
    [Test]
    public void Load_PictureTooLarge_SaysThatAndNotThatItIsDamaged()
    {
        PictureFolder.WritePlain(_folder.Path, "test/a/1.png", 1);
        byte[] large = PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", PictureBytes.Header(6000, 4000, 8, 0)),
            PictureBytes.Chunk("IDAT", [1]), PictureBytes.Chunk("IEND", []));
        PictureFolder.Write(_folder.Path, "train/a/1.png", large);

        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>()
            .With.Message.Contains("it has 6000 x 4000 pixels, more than can be read: resize").And.Message.Not.Contains("intact"));
    }

    [Test]
    public void Load_File_SaysThatAFolderIsNeeded()
    {
        string file = PictureFolder.Write(_folder.Path, "mnist.npz", [1]);

        Assert.That(() => Dataset.Load(file), Throws.TypeOf<DataException>()
            .With.Message.Contains($"{file} is a file").And.Message.Not.Contains("There is no"));
        Assert.That(() => Dataset.Load(_folder.File("gone")), Throws.TypeOf<DataException>().With.Message.Contains("--data"));
    }

    [Test]
    public void Load_TooManyClasses_IsRefused()
    {
        for (int n = 0; n <= 256; n++)
        {
            PictureFolder.WritePlain(_folder.Path, $"train/{n}/1.png", 1);
        }

        PictureFolder.WritePlain(_folder.Path, "test/0/1.png", 1);
        Assert.That(() => Dataset.Load(_folder.Path, Tiny), Throws.TypeOf<DataException>().With.Message.Contains("257 classes; 256"));

        Directory.Delete(_folder.File("train/256"), recursive: true);
        Assert.That(Dataset.Load(_folder.Path, Tiny).Train.Labels.Max(), Is.EqualTo(255));
    }

    [Test]
    public void Load_MorePixelsThanFitIntoMemory_IsRefusedUnread()
    {
        // 4096 · 512 · 512 is the most; none of the files is a picture.
        Directory.CreateDirectory(_folder.File("a"));
        for (int n = 0; n <= 4096; n++)
        {
            File.Create(_folder.File($"a/{n}.png")).Dispose();
        }

        Assert.That(() => Dataset.Load(_folder.Path, new DataOptions(ImageSize: 512)),
            Throws.TypeOf<DataException>().With.Message.Contains("1073741824").And.Message.Contains("--image-size"));
        Assert.That(() => Dataset.Load(_folder.Path, new DataOptions(ImageSize: 508)),
            Throws.TypeOf<DataException>().With.Message.Contains("Cannot use"));
    }

    [Test]
    [Platform("Linux")]
    public void Load_TooManyFiles_IsRefusedUnread()
    {
        // In memory: on a disk it takes ten times as long to make that many files.
        string folder = $"/dev/shm/{Path.GetFileName(_folder.Path)}";
        Shell($"mkdir -p {folder}/a && cd {folder}/a && seq -f %.0f.png 0 100000 | xargs touch");

        Assert.That(() => Dataset.Load(folder, Tiny), Throws.TypeOf<DataException>().With.Message.Contains("more than 100000"));
        Shell($"rm -r {folder}");
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
