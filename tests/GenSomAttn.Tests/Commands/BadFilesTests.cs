using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Data, runs and folders that are missing, damaged or cannot be written: exit code 3.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BadFilesTests
{
    private const int DataOrFile = 3;

    [Test]
    public void Train_NoDataFolder_NamesIt() => CommandAssert.Fails(DataOrFile, ["train", "--data", "/no/such/folder"], "/no/such/folder");

    [Test]
    public void Train_FolderWithoutImages_NamesWhatIsMissing()
    {
        using TemporaryFolder data = new();
        CommandAssert.Fails(DataOrFile, ["train", "--data", data.Path], data.Path, "train-labels-idx1-ubyte");
    }

    [TestCase(0, TestName = "Train_TruncatedGzip_NamesTheFile")]
    [TestCase(1, TestName = "Train_CorruptedGzip_NamesTheFile")]
    [TestCase(2, TestName = "Train_ForeignFile_NamesTheFile")]
    [TestCase(3, TestName = "Train_EmptyFile_NamesTheFile")]
    public void Train_DamagedImages_NamesTheFile(int damage)
    {
        using TemporaryFolder data = new();
        IdxSet.Write(data.Path, 48, 16, 8);
        string file = data.File("train-images-idx3-ubyte.gz");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= damage == 1 ? (byte)0x10 : (byte)0;
        File.WriteAllBytes(file, damage switch
        {
            0 => bytes[..^9],
            1 => bytes,
            2 => "This is a text, no images."u8.ToArray(),
            _ => [],
        });

        CommandAssert.Fails(DataOrFile, ["train", "--data", data.Path], file);
    }

    [TestCase("evaluate")]
    [TestCase("map")]
    [TestCase("generate", "--sampler", "density")]
    public void Verb_DataOfAnotherSide_SaysWhichSideFits(string verb, params string[] more)
    {
        using TemporaryFolder data = new();
        IdxSet.Write(data.Path, 8, 8, 12);
        string[] arguments = [verb, SharedRun.Path, "--data", data.Path, "--accelerator", "cpu", .. more];
        CommandAssert.Fails(DataOrFile, arguments, "12 x 12", "8 x 8");
    }

    /// <summary>Below a regular file and in /proc no folder can be created, whatever the permissions.</summary>
    [TestCase("file")]
    [TestCase("file/sub")]
    [TestCase("/proc")]
    [TestCase("/proc/sub")]
    public void Train_OutputThatCannotBeWritten_NamesIt(string output)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("file"), "");

        // An absolute second path replaces the first.
        string path = Path.Combine(folder.Path, output);
        CommandAssert.Fails(DataOrFile, SharedRun.Train(path), path);
    }

    [TestCase("generate", "file/new.png", "file")]
    [TestCase("generate", "/proc/new.png")]
    [TestCase("map", "file")]
    [TestCase("map", "file/sub")]
    [TestCase("map", "/proc/sub")]
    [TestCase("locate", "file/new.csv", "file")]
    [TestCase("locate", "/proc/new.csv")]
    [TestCase("explore", "file/new.html", "file")]
    public void Verb_OutputThatCannotBeWritten_NamesIt(string verb, string output, string? named = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("file"), "");
        string path = Path.Combine(folder.Path, output);
        string fault = Path.Combine(folder.Path, named ?? output);
        CommandAssert.Fails(DataOrFile, [verb, SharedRun.Path, "--accelerator", "cpu", "--output", path], fault);
    }

    [Test]
    [Sequential]
    public void Verb_NoSuchRun_NamesIt(
        [Values("generate", "map", "evaluate", "info")] string verb, [Values("/no/such/run", "987654", "runs/nothing", "0")] string run)
        => CommandAssert.Fails(DataOrFile, [verb, run], run);

    [Test]
    public void Verb_FolderThatIsNoRun_SaysSo([Values("generate", "map", "evaluate", "info")] string verb)
    {
        using TemporaryFolder folder = new();
        CommandAssert.Fails(DataOrFile, [verb, folder.Path], folder.Path, "config.json");
    }

    [Test]
    [Sequential]
    public void Verb_CheckpointWithAChangedByte_NamesItAndTheWayOut(
        [Values("generate", "map", "evaluate", "info")] string verb, [Values(2, 12, 600, 9000)] int at)
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        string checkpoint = Path.Combine(run, "checkpoints", "last.safetensors");
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[at] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);

        CommandAssert.Fails(DataOrFile, [verb, run], checkpoint, Path.Combine(run, "checkpoints", "previous.safetensors"));
    }

    [Test]
    public void Evaluate_PreviousCheckpointOverADamagedLast_Works()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        string checkpoints = Path.Combine(run, "checkpoints");
        File.Copy(Path.Combine(checkpoints, "previous.safetensors"), Path.Combine(checkpoints, "last.safetensors"), overwrite: true);

        Assert.That(CommandAssert.PrintsJson("evaluate", run).GetProperty("epoch").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Evaluate_ForeignSafetensorsFile_SaysThatItIsNoCheckpoint()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        string checkpoint = Path.Combine(run, "checkpoints", "last.safetensors");
        SafetensorsTensor tensor = SafetensorsTensor.Of("weight", [2], [1f, 2f]);
        File.WriteAllBytes(checkpoint, SafetensorsFile.ToBytes(new Dictionary<string, string> { ["format"] = "pt" }, [tensor]));

        CommandAssert.Fails(DataOrFile, ["evaluate", run], checkpoint, "not a checkpoint of this program");
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("[]")]
    public void Info_DamagedConfig_NamesIt(string text)
    {
        using TemporaryFolder folder = new();
        string config = Path.Combine(SharedRun.CopyTo(folder.Path), "config.json");
        File.WriteAllText(config, text);

        CommandAssert.Fails(DataOrFile, ["info", folder.Path], config);
    }

    [Test]
    public void Evaluate_ConfigWithAValueOutOfRange_NamesIt()
    {
        using TemporaryFolder folder = new();
        string config = Path.Combine(SharedRun.CopyTo(folder.Path), "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"limit\": null", "\"limit\": -5", StringComparison.Ordinal));

        CommandAssert.Fails(DataOrFile, ["evaluate", folder.Path], config, " limit -5");
    }

    [Test]
    public void Evaluate_RunWithoutCheckpoint_SaysSo()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);

        CommandAssert.Fails(DataOrFile, ["evaluate", run], "no checkpoint");
    }

    [Test]
    public void Verbose_OnAnError_ShowsWhereItHappened()
    {
        ProgramRun run = ProgramRun.Of("evaluate", "/no/such/run", "--verbose");

        Assert.That(run.ExitCode, Is.EqualTo(DataOrFile));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.StartWith("error: ").And.Contain("   at GenSomAttn."));
    }
}
