using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>A training step allocates nothing, measured in a separate process, where no other test allocates.</summary>
public sealed class AllocationTests
{
    [Test]
    public void Step_OnceItsSizeWasSeen_AllocatesNothing(
        [Values("cpu")] string accelerator, [Values(1, 2)] int threads, [Values] SomUpdateKind update)
        => StepsAllocateNothing(
            accelerator, threads.ToString(CultureInfo.InvariantCulture), update.ToString(), nameof(AttentionKind.Latent));

    [Test]
    public void Step_WithAttentionOverPositions_AllocatesNothing([Values("Spatial", "Pool")] string attention)
        => StepsAllocateNothing("cpu", "2", nameof(SomUpdateKind.Batch), attention);

    [Test]
    public void Step_ThroughTheProfiler_AllocatesNothing()
        => StepsAllocateNothing("cpu", "2", nameof(SomUpdateKind.Batch), nameof(AttentionKind.Latent), "profiled");

    private static void StepsAllocateNothing(string accelerator, string threads, params string[] more)
    {
        // Batches of 64, 64 and 32; the first epoch has the first step of each size, which may allocate.
        using TemporaryFolder folder = new();
        TinyData.Write(folder.Path, 160, 5, 28);

        (int Batch, long Bytes)[] steps = [.. Probe([accelerator, threads, folder.Path, .. more])];

        Assert.That(steps.Select(step => step.Batch), Is.EqualTo([64, 64, 32, 64, 64, 32, 64, 64, 32]));
        Assert.That(steps.Skip(3).Select(step => step.Bytes), Is.All.Zero);
    }

    private static IEnumerable<(int Batch, long Bytes)> Probe(string[] arguments)
    {
        const string Name = "GenSomAttn.AllocationProbe";
        DirectoryInfo here = new(AppContext.BaseDirectory);
        string configuration = here.Name;
        string probe = Path.Combine(here.Parent!.Parent!.FullName, Name, configuration, $"{Name}.dll");
        ProcessStartInfo start = new("dotnet", [probe, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ');
            yield return (int.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
        }
    }
}
