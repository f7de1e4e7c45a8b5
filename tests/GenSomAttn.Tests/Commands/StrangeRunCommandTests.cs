using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Output and files of unusual trainings, several trainings at once, and the memory of a long one.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StrangeRunCommandTests
{
    private const int DataOrFile = 3;

    [Test]
    public void EveryVerb_RunOfOneImageAndOneUnit_SaysWhatIsUndefined()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        TinyData.Write(folder.File("data"), 1, 1, 8);

        ProgramRun training = Train(folder, "--map", "1x1");

        string run = folder.File("runs/0001-somattn-1x1-s42");
        Assert.That(training.Error, Does.Contain("before training: ").And.Contain("te4 undefined, te8 undefined, units 1, perplexity 1.0"));
        Assert.That(training.Output, Does.Match(@"\nte4 +undefined  lower is better\nte8 +undefined  lower is better\nunits_used +1  "));
        Assert.That(CommandAssert.Succeeds("info", run).Output, Does.Match(@"\nte4 +undefined  lower is better\n"));
        Assert.That(
            CommandAssert.Succeeds("evaluate", run).Output, Does.Match(@"\nte4 +undefined  lower is better\nte8 +undefined  lower"));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(scores.GetProperty("te8").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(scores.GetProperty("nmi").GetDouble(), Is.EqualTo(1), "one image: one unit, one class");
        Assert.That(File.ReadAllText(Path.Combine(run, "metrics.jsonl")), Does.Contain("\"te4\":null,\"te8\":null,"));
        AssertPicturesOf(run, folder);
    }

    [Test]
    public void EveryVerb_RunOfBlackImagesOfOneClassOnALargeMap_PrintsNumbers()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        TinyData.Write(folder.File("data"), 20, 10, 8, (_, _, _) => 0, _ => 2);

        Train(folder, "--map", "40x40");

        string run = folder.File("runs/0001-somattn-40x40-s42");
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        string[] names =
        [
            "mse_e", "mse_q", "quantization_error", "te6", "units_used", "perplexity", "purity", "nmi", "nmi_geometric",
            "unit_label_accuracy",
        ];
        Assert.That(names.Select(name => scores.GetProperty(name).ValueKind), Is.All.EqualTo(JsonValueKind.Number));
        Assert.That(scores.GetProperty("purity").GetDouble(), Is.EqualTo(1));
        Assert.That(CommandAssert.PrintsJson("info", run).GetProperty("metrics").GetArrayLength(), Is.EqualTo(2));
        AssertPicturesOf(run, folder);
    }

    [Test]
    public void Train_SeveralAtOnceIntoOneFolder_EachHasItsNumber()
    {
        using TemporaryFolder folder = new();
        RunningProgram[] programs =
            [.. Enumerable.Range(0, 3).Select(_ => RunningProgram.Start(SharedRun.Train(folder.File("runs"), "--no-progress")))];

        string[] runs = [.. programs.Select(program => program.WaitFor("run directory: "))];
        Array.ForEach(programs, program => Assert.That(program.End().ExitCode, Is.Zero));

        Assert.That(runs.Select(Path.GetFileName), Is.EquivalentTo(
            (string[])["0001-somattn-3x4-s42", "0002-somattn-3x4-s42", "0003-somattn-3x4-s42"]));
        Assert.That(
            Directory.GetFileSystemEntries(folder.File("runs")),
            Is.EquivalentTo([.. runs, folder.File("runs/.last-number")]), "and no claim is left");
        Assert.That(runs.Select(TrainTests.LastCheckpoint), Is.All.EqualTo(TrainTests.LastCheckpoint(SharedRun.Path)));
        Array.ForEach(programs, program => program.Dispose());
    }

    [Test]
    [Platform("Linux")]
    public void Train_FolderThatTakesNoRun_IsRefused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("file"), "");
        CommandAssert.Fails(DataOrFile, SharedRun.Train(folder.File("file/runs")), "error: Cannot make a run in", "file/runs");
        CommandAssert.Fails(DataOrFile, SharedRun.Train("/proc/self/runs"), "error: Cannot make a run in /proc/self/runs");

        using SmallVolume volume = SmallVolume.MountOrSkip("ro");
        CommandAssert.Fails(DataOrFile, SharedRun.Train(volume.Path), $"error: Cannot make a run in {volume.Path}", "Read-only");
    }

    /// <summary>1 MiB has room for the configuration and the pictures, but not for three checkpoints of half a MiB.</summary>
    [Test]
    [Platform("Linux")]
    public void Train_VolumeThatIsTooSmall_IsRefusedBeforeTheFirstStep()
    {
        using SmallVolume volume = SmallVolume.MountOrSkip("size=1m");

        ProgramRun training = ProgramRun.Of(SharedRun.Train(volume.Path));

        Assert.That(training.ExitCode, Is.EqualTo(DataOrFile), training.Error);
        Assert.That(training.Error, Does.Match(@"error: Cannot train in .*: its checkpoints take \d[.\d]* MB, and \d[.\d]* MB are free"));
        Assert.That(training.Error, Does.Not.Contain("step 1/"));
    }

    /// <summary>
    /// A training keeps a row of scores per epoch, 200 bytes. Recompiled code and uncollected garbage vary by a few megabytes; a leaked
    /// picture or checkpoint per epoch would add 200 times as much.
    /// </summary>
    [Test]
    [Platform("Linux")]
    public void Train_HundredEpochs_TakeNoMoreMemoryThanTwentyFive()
    {
        const long Bound = 5_000_000;
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(
        [
            .. "train --epochs 1000000 --limit 1 --map 1x1 --latent 1 --attention none --accelerator cpu --data".Split(' '), SharedRun.Data,
            "--output", folder.Path,
        ]);

        training.WaitFor("epoch 25/1000000: ");
        long before = training.ResidentBytes();
        training.WaitFor("epoch 100/1000000: ");
        long after = training.ResidentBytes();
        training.Signal("TERM");

        Assert.That(training.End().ExitCode, Is.EqualTo(143));
        TestContext.Out.WriteLine($"resident after 25 epochs {before / 1e6:0.0} MB, after 100 epochs {after / 1e6:0.0} MB");
        Assert.That(after - before, Is.LessThan(Bound));
    }

    private static ProgramRun Train(TemporaryFolder folder, params string[] more) => CommandAssert.Succeeds(
    [
        .. "train --epochs 1 --latent 8 --accelerator cpu --data".Split(' '), folder.File("data"), "--output", folder.File("runs"), .. more,
    ]);

    private static void AssertPicturesOf(string run, TemporaryFolder folder)
    {
        CommandAssert.Succeeds("generate", run, "--output", folder.File("isotropic.png"));
        CommandAssert.Succeeds("generate", run, "--sampler", "density", "--output", folder.File("density.png"));
        CommandAssert.Succeeds("map", run, "--output", folder.File("map"));
        string[] pictures = [folder.File("isotropic.png"), folder.File("density.png"), .. Directory.GetFiles(folder.File("map"), "*.png")];
        Assert.That(pictures, Has.Length.EqualTo(2 + 9));
        Array.ForEach(pictures, CommandAssert.IsPicture);
        string[] texts = [.. Directory.GetFiles(folder.File("map"), "*.csv"), .. Directory.GetFiles(run, "metrics.*")];
        Assert.That(texts, Has.Length.EqualTo(9 + 2));
        Assert.That(texts.Where(path => File.ReadAllText(path) is var text
            && (text.Contains("NaN", StringComparison.Ordinal) || text.Contains("Infinity", StringComparison.Ordinal))), Is.Empty);
    }
}
