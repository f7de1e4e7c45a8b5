using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>
/// The vector widths of older processors: all computing code is tested once more in a child process whose runtime has this processor's
/// widest vectors disabled.
/// </summary>
public sealed partial class FallbackTests
{
    /// <summary>Environment variable of such a process: bits of the widest vectors that it may use.</summary>
    private const string WidestVariable = "GENSOM_WIDEST_VECTORS";

    /// <summary>Operations, goldens, the map, and the losses of ten steps; the command gradcheck covers the gradients.</summary>
    private static readonly string[] Computing =
    [
        ".Ops.", ".Goldens.", ".Layers.", ".Som.", ".ModelGradientTests.", ".TrajectoryTests.",
        nameof(VectorBits_OfThisProcess_AreNotTooWide),
    ];

    /// <summary>Runtime switches and the vector bits that they leave, if narrower than this processor's.</summary>
    private static IEnumerable<TestCaseData> Narrower => new (string Variable, int Widest)[]
    {
        ("DOTNET_EnableAVX512", 256),
        ("DOTNET_EnableAVX2", 128),
    }.Where(each => each.Widest < SimdBackend.VectorBits).Select(each => new TestCaseData(each.Variable, each.Widest));

    private static int Widest => int.Parse(Environment.GetEnvironmentVariable(WidestVariable) ?? "512", CultureInfo.InvariantCulture);

    [TestCaseSource(nameof(Narrower))]
    public void Computing_WithoutWiderVectors_PassesItsTests(string variable, int widest)
    {
        (int exitCode, string output) = RunTests(
            new() { [variable] = "0", [WidestVariable] = widest.ToString(CultureInfo.InvariantCulture) });

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"Passed {nameof(VectorBits_OfThisProcess_AreNotTooWide)}"));
        Assert.That(int.Parse(Passed().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), Is.GreaterThan(500));
    }

    [TestCaseSource(nameof(Narrower))]
    public void Gradcheck_WithoutWiderVectors_Passes(string variable, int widest)
    {
        ProgramRun run = ProgramRun.With([new(variable, "0")], "gradcheck", "--accelerator", "cpu");

        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Output, Does.Contain($"SIMD, {widest}-bit vectors"));
    }

    /// <summary>In such a child process, the runtime obeys the switch; elsewhere, the backend uses the widest vectors.</summary>
    [Test]
    public void VectorBits_OfThisProcess_AreNotTooWide()
    {
        Assert.That(Vector512.IsHardwareAccelerated, Is.EqualTo(SimdBackend.VectorBits == 512));
        Assert.That(Vector256.IsHardwareAccelerated, Is.EqualTo(SimdBackend.VectorBits >= 256));
        Assert.That(SimdBackend.VectorBits, Is.LessThanOrEqualTo(Widest));
    }

    private static (int ExitCode, string Output) RunTests(Dictionary<string, string> environment)
    {
        // Neither kernels nor the reference use vectors: their tests would be the same.
        string computing = string.Join('|', Computing.Select(part => $"FullyQualifiedName~{part}"));
        string filter = $"({computing})&FullyQualifiedName!~{AllBackends.Simulator}&FullyQualifiedName!~\"{AllBackends.Reference}\"";
        string assembly = typeof(FallbackTests).Assembly.Location;
        string[] arguments = ["vstest", assembly, $"--TestCaseFilter:{filter}", "--logger:console;verbosity=normal"];
        ProcessStartInfo start = new("dotnet", arguments) { RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Returns a count of the test summary.</summary>
    [GeneratedRegex(@"Passed: +(\d+)")]
    private static partial Regex Passed();
}
