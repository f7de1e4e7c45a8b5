using System.Diagnostics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>stdout and stderr that are closed, full or broken pipes: the work is finished and saved all the same.</summary>
[Platform("Linux,MacOsX")]
[Parallelizable(ParallelScope.All)]
public sealed class StreamTests
{
    private const string Train = "train --epochs 2 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --data DATA --output OUT";
    private const string Full = "/dev/full";

    [TestCase("2>/dev/full", 0)]
    [TestCase("2>&-", 0)]
    [TestCase(">&-", 0)]
    [TestCase(">&- 2>&-", 0)]
    [TestCase("<&- >&- 2>&-", 0)]
    [TestCase("2>/dev/null </dev/null 2</dev/null", 0)]
    [TestCase(">/dev/full", 1)]
    [TestCase("--json >/dev/full 2>/dev/full", 1)]
    [TestCase("2>&1 | head -1", 0)]
    public void Train_StreamThatTakesNothing_TrainsAndSaves(string redirection, int code)
    {
        using TemporaryFolder folder = new();

        (int exit, string error) = Shell(Train.Replace("DATA", SharedRun.Data).Replace("OUT", folder.Path), redirection);

        Assert.That(exit, Is.EqualTo(code), error);
        string run = Directory.GetDirectories(folder.Path).Single();
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);
        Assert.That(TrainTests.LastCheckpoint(run), Is.EqualTo(TrainTests.LastCheckpoint(SharedRun.Path)));
    }

    [TestCase("--help", ">/dev/full", 1)]
    [TestCase("--help", ">&-", 0)]
    [TestCase("train --help", "| head -1", 0)]
    [TestCase("--version", ">/dev/full 2>/dev/full", 1)]
    [TestCase("--nonsense", "2>/dev/full", 2)]
    [TestCase("--nonsense", "2>&-", 2)]
    [TestCase("info RUN", ">/dev/full", 1)]
    [TestCase("info RUN --json", "| head -1", 0)]
    [TestCase("info RUN", "2>&- >&- <&-", 0)]
    [TestCase("info absent", "2>&-", 3)]
    [TestCase("info absent --verbose", "2>/dev/full", 3)]
    [TestCase("devices", ">/dev/full", 1)]
    [TestCase("devices --json", ">&-", 0)]
    public void Command_StreamThatTakesNothing_EndsWithItsCode(string command, string redirection, int code)
    {
        (int exit, string error) = Shell(command.Replace("RUN", SharedRun.Path), redirection);

        Assert.That(exit, Is.EqualTo(code), error);
        Assert.That(error, Does.Not.Contain("   at "));
        bool isToldOfLoss = redirection == ">/dev/full";
        Assert.That(error.Contains("Cannot write to stdout", StringComparison.Ordinal), Is.EqualTo(isToldOfLoss), error);
    }

    /// <summary>The log is written as far as its disk has space; the training finishes on another disk.</summary>
    [Test]
    [Platform("Linux")]
    public void Train_LogOnADiskThatFillsUp_TrainsToTheEnd()
    {
        using SmallVolume volume = SmallVolume.MountOrSkip("size=8k");
        using TemporaryFolder folder = new();
        File.WriteAllBytes(Path.Combine(volume.Path, "fill"), new byte[4096]);
        string train = Train.Replace("DATA", SharedRun.Data).Replace("OUT", folder.Path).Replace("--epochs 2", "--epochs 60");

        (int exit, string error) = Shell(train, $"2>{volume.Path}/log");

        Assert.That(exit, Is.Zero, error);
        Assert.That(new FileInfo($"{volume.Path}/log").Length, Is.EqualTo(4096), "the disk was full");
        string metrics = Path.Combine(Directory.GetDirectories(folder.Path).Single(), "metrics.jsonl");
        Assert.That(File.ReadLines(metrics).Last(), Does.Contain("\"epoch\":60"));
    }

    /// <summary>Runs the program in bash with redirected streams; returns its own exit code, also before a pipe, and its stderr.</summary>
    private static (int ExitCode, string Error) Shell(string command, string redirection)
    {
        if (redirection.Contains(Full, StringComparison.Ordinal) && !File.Exists(Full))
        {
            Assert.Ignore($"There is no {Full} here.");
        }

        string program = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");
        ProcessStartInfo start = new("bash", ["-c", $"dotnet '{program}' {command} {redirection}; exit ${{PIPESTATUS[0]}}"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process bash = Process.Start(start)!;
        Task<string> output = bash.StandardOutput.ReadToEndAsync();
        string error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        _ = output.Result;
        return (bash.ExitCode, error);
    }
}
