using System.Diagnostics;
using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>What a training does when it is told to stop.</summary>
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
public sealed class SignalTests
{
    private const int MostMilliseconds = 30_000;

    [TestCase("INT", 130)]
    [TestCase("TERM", 143)]
    [TestCase("HUP", 129)]
    public void Train_Signal_SavesACheckpointThatCanBeUsedAndNamesTheRun(string signal, int code)
    {
        using TemporaryFolder folder = new();
        using Process training = Start(SharedRun.TrainFor(100_000, folder.Path));
        Task<string> output = training.StandardOutput.ReadToEndAsync();
        string run = WaitForFirstEpoch(training);

        Process.Start("kill", [$"-{signal}", $"{training.Id}"]).WaitForExit();
        string error = training.StandardError.ReadToEnd();

        Assert.That(training.WaitForExit(MostMilliseconds), Is.True, "it ends by itself");
        Assert.That(training.ExitCode, Is.EqualTo(code), error);
        Assert.That(output.Result, Is.Empty);
        Assert.That(error, Does.Contain($"SIG{signal}").And.Contain(Path.Combine(run, "checkpoints", "last.safetensors")));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(error, Does.Contain($"after step {scores.GetProperty("step").GetInt64()} of 300000;"));
    }

    /// <summary>
    /// The program with the default action of the signals, which a shell may have told this process, and so its children, to
    /// ignore. env becomes the program, so that the identifier is the program's own.
    /// </summary>
    private static Process Start(string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");
        ProcessStartInfo start = new("env", ["--default-signal=INT,TERM,HUP", "dotnet", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    /// <summary>Reads stderr until an epoch is done, and returns the run that it named on the way.</summary>
    private static string WaitForFirstEpoch(Process training)
    {
        const string Naming = "run directory: ";
        string run = "";
        while (training.StandardError.ReadLine() is { } line)
        {
            run = line.StartsWith(Naming, StringComparison.Ordinal) ? line[Naming.Length..] : run;
            if (line.StartsWith("epoch 1/", StringComparison.Ordinal))
            {
                return run;
            }
        }

        throw new AssertionException("The training ended before its first epoch.");
    }
}
