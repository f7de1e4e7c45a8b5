using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>A training that is stopped by a signal. tools/kill-test.sh does this hundreds of times.</summary>
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
public sealed class SignalTests
{
    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public void Train_Signal_SavesACheckpointThatCanBeUsedAndNamesTheRun(string signal, int code)
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(SharedRun.TrainFor(100_000, folder.Path));
        string run = training.WaitFor("run directory: ");
        training.WaitFor("epoch 1/100000: ");

        training.Signal(signal);
        (int exitCode, string error) = training.End();

        Assert.That(exitCode, Is.EqualTo(code), error);
        Assert.That(training.Output, Is.Empty);
        Assert.That(error, Does.Contain($"SIG{signal}").And.Contain(Path.Combine(run, "checkpoints", "last.safetensors")));
        Assert.That(error, Does.Contain($"resume with: dotnet run -- resume {run}\n"));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(error, Does.Contain($"after step {scores.GetProperty("step").GetInt64()} of 300000;"));
    }

    /// <summary>The simulator of GPU kernels takes seconds for a step of these sizes: time enough for a second signal.</summary>
    [Test]
    public void Train_SecondSignal_LeavesAtOnce()
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(
            [.. "train --accelerator ilgpu-cpu --limit 512 --batch-size 512 --map 20x20 --output".Split(' '), folder.Path]);
        training.WaitFor("run directory: ");

        training.Signal("TERM");
        training.Signal("TERM");
        long began = Stopwatch.GetTimestamp();
        (int exitCode, _) = training.End();

        Assert.That(exitCode, Is.EqualTo(143));
        Assert.That(Stopwatch.GetElapsedTime(began).TotalSeconds, Is.LessThan(5));
    }

    /// <summary>A terminal that closes sends SIGHUP twice, by the kernel and by the shell. The simulator: see above.</summary>
    [Test]
    public void Train_SecondHangup_SavesAsAfterOne()
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start(
            [.. "train --accelerator ilgpu-cpu --limit 128 --batch-size 64 --map 12x12 --output".Split(' '), folder.Path]);
        string run = training.WaitFor("run directory: ");

        training.Signal("HUP");
        training.Signal("HUP");
        (int exitCode, string error) = training.End();

        Assert.That(exitCode, Is.EqualTo(129), error);
        Assert.That(error, Does.Contain($"resume with: dotnet run -- resume {run}\n"));
        Assert.That(File.Exists(Path.Combine(run, "checkpoints", "last.safetensors")), Is.True);
    }

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    public void Train_SignalWhileItReadsTheData_LeavesNothingBehind(string signal, int code)
    {
        using TemporaryFolder folder = new();
        using RunningProgram training = RunningProgram.Start("train", "--output", folder.File("runs"));
        training.WaitFor("accelerator: ");

        training.Signal(signal);
        (int exitCode, string error) = training.End();

        Assert.That(exitCode, Is.EqualTo(code), error);
        Assert.That(error, Is.EqualTo($"stopped by SIG{signal} before the training began; nothing was written\n"));
        Assert.That(Directory.Exists(folder.File("runs")), Is.False);
    }

    [Test]
    public void Resume_SignalWhileItReadsTheData_LeavesTheRunAsItWas()
    {
        using TemporaryFolder folder = new();
        string[] train = [.. "train --limit 32 --epochs 2 --map 2x2 --accelerator cpu --no-progress --output".Split(' '), folder.Path];
        CommandAssert.Succeeds(train);
        string run = Directory.GetDirectories(folder.Path).Single();
        string left = Path.Combine(run, "checkpoints", "left.tmp");
        File.WriteAllText(left, "a temporary file that resume deletes");
        string[] before = FilesOf(run);

        using RunningProgram resume = RunningProgram.Start("resume", run, "--accelerator", "auto");
        resume.WaitFor("accelerator: ");
        resume.Signal("TERM");
        (int exitCode, string error) = resume.End();

        Assert.That(exitCode, Is.EqualTo(143), error);
        Assert.That(error, Is.EqualTo("stopped by SIGTERM before the training began; nothing was written\n"));
        Assert.That(FilesOf(run), Is.EqualTo(before));
    }

    /// <summary>A verb that does not train has nothing to save. The simulator is slow enough on this number of images.</summary>
    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public void Generate_Signal_EndsAtOnceAndLeavesNothing(string signal, int code)
    {
        using TemporaryFolder folder = new();
        using RunningProgram generate = RunningProgram.Start(
            "generate", SharedRun.Path, "--sampler", "isotropic", "--accelerator", "ilgpu-cpu", "--count", "1000", "--output",
            folder.File("new.png"));
        generate.WaitFor("seed: ");

        generate.Signal(signal);
        (int exitCode, string error) = generate.End();

        Assert.That(exitCode, Is.EqualTo(code), error);
        Assert.That(error + generate.Output, Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.Empty);
    }

    /// <summary>
    /// Signals from the start of the process to its end: while the runtime starts, where the default action ends it; while the program
    /// reads, trains, evaluates and, for most of the time of these small epochs, saves. Every file is complete each time. One signal
    /// suffices, because all signals have the same handler.
    /// </summary>
    [Test]
    public void TrainAndResume_SignalAtAnyMoment_LeaveWholeFilesOrNone()
    {
        const string Signal = "TERM";
        const int Code = 143;
        const int Moments = 6;
        const int Epochs = 10;
        using TemporaryFolder folder = new();
        Random random = new(Code);

        // The moments are shares of the measured duration of an undisturbed training.
        long began = Stopwatch.GetTimestamp();
        CommandAssert.Succeeds(SharedRun.TrainFor(Epochs, folder.File("whole")));
        TimeSpan whole = Stopwatch.GetElapsedTime(began);
        List<string> runs = [];
        for (int moment = 0; moment < Moments; moment++)
        {
            // Alternates between a new run and a stopped one, if there is one.
            bool isNew = moment % 2 == 0 || runs.Count == 0;
            string[] arguments = isNew
                ? SharedRun.TrainFor(Epochs, folder.File("runs"))
                : ["resume", runs[^1], "--checkpoint-minutes", "0.0001"];
            using RunningProgram program = RunningProgram.Start(arguments);
            Thread.Sleep(whole * ((moment + random.NextDouble()) / Moments));
            program.Signal(Signal);
            long sent = Stopwatch.GetTimestamp();
            (int exitCode, string error) = program.End();

            string what = $"moment {moment}: {string.Join(' ', arguments)}\n{error}";
            Assert.That(Stopwatch.GetElapsedTime(sent).TotalSeconds, Is.LessThan(10), what);
            Assert.That(exitCode, Is.EqualTo(Code).Or.EqualTo(0), what);
            runs = Directory.Exists(folder.File("runs")) ? [.. Directory.GetDirectories(folder.File("runs")).Order()] : [];
            foreach (string run in runs)
            {
                IReadOnlyList<VerifiedFile> files = RunVerifier.Verify(RunDirectory.Open(run));
                Assert.That(files.Where(file => file.Verdict != FileVerdict.Intact), Is.Empty, what);
            }
        }

        Assert.That(runs, Is.Not.Empty, "some of the moments were those of a training");
    }

    /// <summary>Returns paths, times of the last write and contents.</summary>
    private static string[] FilesOf(string run) =>
    [
        .. Directory.GetFiles(run, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"),
    ];
}
