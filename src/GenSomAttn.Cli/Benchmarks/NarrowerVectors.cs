using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Benchmarks;

namespace GenSomAttn.Cli.Benchmarks;

/// <summary>The training step of a process whose runtime was told to leave the widest vectors.</summary>
/// <param name="Setting">What it was told, as an environment variable.</param>
/// <param name="VectorBits">The width that it then computed with.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Step">The training step.</param>
internal sealed record NarrowerVectorsResult(string Setting, int VectorBits, int Threads, StepResult Step);

/// <summary>Measures the training step with every width of vectors below this processor's: the program starts itself again for each.</summary>
internal static class NarrowerVectors
{
    private static readonly (string Variable, int VectorBits)[] Switches = [("DOTNET_EnableAVX512", 256), ("DOTNET_EnableAVX2", 128)];

    /// <summary>Measures all of them.</summary>
    /// <param name="options">Options of the benchmark that children share: settings and data.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="steps">Training steps to time.</param>
    public static IReadOnlyList<NarrowerVectorsResult> Measure(IReadOnlyList<string> options, int threads, int steps)
    {
        string[] arguments =
        [
            "bench", .. options, "--only", "step", "--json",
            "--threads", threads.ToString(CultureInfo.InvariantCulture), "--steps", steps.ToString(CultureInfo.InvariantCulture),
        ];
        return
        [
            .. from option in Switches
               where option.VectorBits < SimdBackend.VectorBits
               select Measure(option.Variable, threads, arguments),
        ];
    }

    private static NarrowerVectorsResult Measure(string variable, int threads, string[] arguments)
    {
        Console.Error.WriteLine($"bench: widths, a process with {variable}=0");
        using var document = JsonDocument.Parse(OutputOf(variable, arguments));
        JsonElement root = document.RootElement;
        return new NarrowerVectorsResult(
            $"{variable}=0", root.GetProperty("vector_bits").GetInt32(), threads,
            JsonOutput.Read<StepResult>(root.GetProperty("results")[0].GetProperty("step")));
    }

    /// <summary>What this program prints when it is started with other arguments and one more variable; its progress goes to our stderr.</summary>
    private static string OutputOf(string variable, string[] arguments)
    {
        // Started as "dotnet PROGRAM.dll", the process is dotnet's, and its first argument the program.
        string process = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(process) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(process, [.. program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment[variable] = "0";
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"The benchmark with {variable}=0 ended with exit code {child.ExitCode}.");
    }
}
