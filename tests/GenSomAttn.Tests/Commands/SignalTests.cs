using System.Diagnostics;
using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>What a training does when it is told to stop. tools/kill-test.sh does it hundreds of times.</summary>
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
        Assert.That(error, Does.Contain($"go on with: resume {run}\n"));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(error, Does.Contain($"after step {scores.GetProperty("step").GetInt64()} of 300000;"));
    }

    /// <summary>The simulator of GPU kernels computes a step of these sizes in seconds: time enough for a second signal.</summary>
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
        Assert.That(Directory.Exists(folder.File("runs")), Is.False);
    }
}
