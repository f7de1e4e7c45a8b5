using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command resume: the result is that of an uninterrupted training, or an error names the reason.</summary>
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
public sealed class ResumeTests
{
    private const int DataOrFile = 3;
    private const int Epochs = 40;

    [Test]
    public void Resume_StoppedAndKilled_LeavesTheSameFilesAsAnUnbrokenTraining()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds(SharedRun.TrainFor(Epochs, folder.File("whole")));
        string whole = Directory.GetDirectories(folder.File("whole")).Single();

        string run;
        using (RunningProgram training = RunningProgram.Start(SharedRun.TrainFor(Epochs, folder.File("parts"), "--threads", "1")))
        {
            run = training.WaitFor("run directory: ");
            training.WaitFor($"epoch 3/{Epochs}: ");
            training.Signal("TERM");
            Assert.That(training.End().ExitCode, Is.EqualTo(143));
        }

        using (RunningProgram training = RunningProgram.Start("resume", run, "--threads", "2", "--checkpoint-minutes", "0.0001"))
        {
            training.WaitFor($"epoch 8/{Epochs}: ");
            training.Signal("KILL");
            training.End();
        }

        ProgramRun end = CommandAssert.Succeeds("resume", run);

        Assert.That(end.Error, Does.Contain($"{run}: resuming after step ").And.Contain($" of {3 * Epochs}"));
        string[] files = FilesOf(whole);
        Assert.That(FilesOf(run), Is.EqualTo(files));
        foreach (string file in files.Where(file => file.EndsWith(".png", StringComparison.Ordinal) || file.Contains("/last.")))
        {
            Assert.That(File.ReadAllBytes(Path.Combine(run, file)), Is.EqualTo(File.ReadAllBytes(Path.Combine(whole, file))), file);
        }

        Assert.That(RowsOf(run), Is.EqualTo(RowsOf(whole)));
        Assert.That(RowsOf(run), Has.Count.EqualTo(Epochs + 2));
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);
    }

    [Test]
    public void Resume_FinishedRun_ChangesNothingAndPrintsItsScores()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Dictionary<string, byte[]> before = FilesOf(run).ToDictionary(file => file, file => File.ReadAllBytes(Path.Combine(run, file)));

        ProgramRun again = CommandAssert.Succeeds("resume", run);

        Assert.That(again.Error, Does.Contain("already finished: 2 of 2 epochs"));
        Assert.That(again.Output, Does.Contain("mse_q").And.EndsWith($"{run}\n"));
        Assert.That(FilesOf(run), Is.EqualTo(before.Keys));
        foreach ((string file, byte[] content) in before.Where(file => file.Key != "atlas.html"))
        {
            // The atlas names its run, and the folder of this copy has another name.
            Assert.That(File.ReadAllBytes(Path.Combine(run, file)), Is.EqualTo(content), file);
        }
    }

    [Test]
    public void Resume_FilesLostInACrash_MakesThemAgain()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        List<string> rows = RowsOf(SharedRun.Path);

        // Killed between the last checkpoint and the row and pictures of its epoch, with a half-written file.
        foreach (string name in (string[])["metrics.jsonl", "metrics.csv"])
        {
            string path = Path.Combine(run, name);
            File.WriteAllText(path, string.Concat(File.ReadAllLines(path).SkipLast(1).Select(line => line + "\n")));
        }

        File.Delete(Path.Combine(run, "samples", "map_002.png"));
        File.WriteAllText(Path.Combine(run, "checkpoints", "last.safetensors.12.tmp"), "half");

        CommandAssert.Succeeds("resume", run);

        Assert.That(RowsOf(run), Is.EqualTo(rows));
        Assert.That(FilesOf(run), Is.EqualTo(FilesOf(SharedRun.Path).Where(IsOfTraining)));
    }

    [Test]
    public void Resume_LastCheckpointDamaged_GoesOnFromThePreviousAndSaysSo()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string last = Path.Combine(run, "checkpoints", "last.safetensors");
        byte[] good = File.ReadAllBytes(last);
        File.WriteAllBytes(last, good[..^7]);

        ProgramRun again = CommandAssert.Succeeds("resume", run);

        Assert.That(again.Error, Does.Contain("note: ").And.Contain("previous.safetensors").And.Contain("after step 3 of 6"));
        Assert.That(File.ReadAllBytes(last), Is.EqualTo(good));
        Assert.That(RowsOf(run), Is.EqualTo(RowsOf(SharedRun.Path)));

        File.WriteAllBytes(last, good[..^7]);
        File.WriteAllBytes(Path.Combine(run, "checkpoints", "previous.safetensors"), []);
        CommandAssert.Fails(DataOrFile, ["resume", run], "previous.safetensors");
    }

    [Test]
    public void Resume_NoCheckpointYet_BeginsAnew()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        Directory.CreateDirectory(Path.Combine(run, "checkpoints"));

        CommandAssert.Succeeds("resume", run);

        Assert.That(File.ReadAllBytes(Path.Combine(run, "checkpoints", "last.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(SharedRun.Path, "checkpoints", "last.safetensors"))));
    }

    [Test]
    public void Resume_OtherDataOrSettings_IsRefused()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Directory.CreateDirectory(folder.File("data"));
        TinyData.Write(folder.File("data"), 41, 12, 8);
        CommandAssert.Fails(DataOrFile, ["resume", run, "--data", folder.File("data")], "other data", "last.safetensors");

        string config = Path.Combine(run, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"seed\": 42", "\"seed\": 43", StringComparison.Ordinal));
        CommandAssert.Fails(DataOrFile, ["resume", run], "other settings", "seed is 42 instead of 43");
    }

    [Test]
    public void Resume_NoRun_IsRefused()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Fails(DataOrFile, ["resume", folder.Path], "config.json");
        CommandAssert.Fails(DataOrFile, ["resume", folder.File("absent")], "There is no run");
        CommandAssert.Fails(2, ["resume"], "RUN");
    }

    [Test]
    public void Resume_WhileTheRunTrains_IsRefused()
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(SharedRun.TrainFor(100_000, folder.Path));
        string run = training.WaitFor("run directory: ");
        training.WaitFor("epoch 1/");

        CommandAssert.Fails(DataOrFile, ["resume", run], "another process");
    }

    [Test]
    public void Resume_NumbersThatOverflow_StopsAndNamesTheLastGoodCheckpoint()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string last = Path.Combine(run, "checkpoints", "last.safetensors");
        Checkpoint checkpoint = CheckpointFile.Load(Path.Combine(run, "checkpoints", "previous.safetensors"));
        byte[] bytes = CheckpointFile.ToBytes(checkpoint with { Tensors = [.. checkpoint.Tensors.Select(Enlarge)] });
        File.WriteAllBytes(last, bytes);

        CommandAssert.Fails(1, ["resume", run, "--no-progress"], "in step 4", "is not finite", last, "of step 3");
        Assert.That(File.ReadAllBytes(last), Is.EqualTo(bytes), "nothing good is overwritten");
    }

    [Test]
    public void Evaluate_CheckpointWithANumberThatIsNone_NeedsLeave()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string last = Path.Combine(run, "checkpoints", "last.safetensors");
        File.WriteAllBytes(last, WithNaNAtItsEnd(File.ReadAllBytes(last)));
        File.Delete(Path.Combine(run, "checkpoints", "previous.safetensors"));

        CommandAssert.Fails(DataOrFile, ["evaluate", run], "som.codebook", "--allow-nonfinite");
        CommandAssert.Fails(DataOrFile, ["info", run], "som.codebook", "--allow-nonfinite");
        CommandAssert.Fails(DataOrFile, ["resume", run], "som.codebook");
        CommandAssert.Succeeds("info", run, "--allow-nonfinite");
        CommandAssert.PrintsJson("evaluate", run, "--allow-nonfinite");
    }

    [Test]
    public void Train_CheckpointsCannotBeWritten_WarnsAndSavesWhenTheyCan()
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(SharedRun.TrainFor(100_000, folder.Path));
        string run = training.WaitFor("run directory: ");
        training.WaitFor("epoch 1/");
        string checkpoints = Path.Combine(run, "checkpoints");

        Directory.Move(checkpoints, checkpoints + "-away");
        string warning = training.WaitFor("warning: ");
        Directory.Move(checkpoints + "-away", checkpoints);
        training.WaitFor("epoch ");
        training.Signal("TERM");

        Assert.That(warning, Does.Contain("last.safetensors").And.Contain("retries later"));
        Assert.That(training.End().ExitCode, Is.EqualTo(143));
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);
    }

    [Test]
    public void Train_OutputGoneAtTheEnd_SaysWhatIsLost()
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(SharedRun.TrainFor(100_000, folder.Path));
        string run = training.WaitFor("run directory: ");
        training.WaitFor("epoch 1/");

        Directory.Move(run, run + "-away");
        training.WaitFor("warning: ");
        training.Signal("TERM");
        (int exitCode, string error) = training.End();

        Assert.That(exitCode, Is.EqualTo(DataOrFile), error);
        Assert.That(error, Does.Contain("error: Cannot write").And.Contain("The last good checkpoint is"));
    }

    [Test]
    public void Train_ConfigWhoseDataChanged_IsRefusedUnlessTheyAreNamed()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        TinyData.Write(folder.File("data"), 40, 13, 8);
        string config = folder.File("config.json");
        string text = File.ReadAllText(Path.Combine(SharedRun.Path, "config.json"));
        File.WriteAllText(config, text.Replace(SharedRun.Data, folder.File("data"), StringComparison.Ordinal));
        string[] train = ["train", "--config", config, "--epochs", "1", "--output", folder.File("runs")];

        CommandAssert.Fails(DataOrFile, train, folder.File("data"), "--data");
        CommandAssert.Succeeds([.. train, "--data", folder.File("data")]);
    }

    [Test]
    public void Info_VerifyDamagedRun_EndsWithThreeAndNamesTheFile()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Assert.That(CommandAssert.Succeeds("info", run, "--verify").Output, Is.EqualTo("20 intact, 0 damaged, 0 not checked\n"));
        File.AppendAllText(Path.Combine(run, "samples", "map_001.png"), "x");

        ProgramRun verify = ProgramRun.Of("info", run, "--verify");

        Assert.That(verify.ExitCode, Is.EqualTo(DataOrFile), verify.Error);
        Assert.That(verify.Output, Does.Contain("samples/map_001.png").And.Contain("1 damaged"));
    }

    private static NamedTensor Enlarge(NamedTensor tensor) =>
        tensor.Name == "encoder.conv1.weight" ? tensor with { Values = [.. tensor.Values.Select(_ => 1e38f)] } : tensor;

    /// <summary>Writes a checkpoint whose last number, in the codebook, is NaN, with a valid hash.</summary>
    private static byte[] WithNaNAtItsEnd(byte[] bytes)
    {
        const int HashLength = 64;
        byte[] changed = [.. bytes];
        BitConverter.TryWriteBytes(changed.AsSpan(changed.Length - sizeof(float)), float.NaN);
        Span<byte> hash = changed.AsSpan(changed.AsSpan().IndexOf("\"sha256\":\""u8) + "\"sha256\":\"".Length, HashLength);
        hash.Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(changed)), hash);
        return changed;
    }

    /// <summary>Returns whether a file is from the training and not from an evaluation of the shared run.</summary>
    private static bool IsOfTraining(string file) =>
        !file.StartsWith("scores", StringComparison.Ordinal) && !file.StartsWith("distances", StringComparison.Ordinal);

    private static string[] FilesOf(string run) =>
        [.. Directory.GetFiles(run, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(run, path)).Order(StringComparer.Ordinal)];

    /// <summary>Returns the table, heading included, without the two columns that vary between machines.</summary>
    private static List<string> RowsOf(string run) =>
        [.. File.ReadAllLines(Path.Combine(run, "metrics.csv")).Select(line => string.Join(',', line.Split(',').SkipLast(2)))];
}
