using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Benchmarks;

namespace GenSomAttn.Cli.Benchmarks;

/// <summary>Timing of the training step in a process whose runtime has the widest vectors disabled.</summary>
/// <param name="Setting">Environment variable that disables them, as NAME=0.</param>
/// <param name="VectorBits">Vector width that the process used.</param>
/// <param name="Threads">Compute threads.</param>
/// <param name="Step">The training step.</param>
internal sealed record NarrowerVectorsResult(string Setting, int VectorBits, int Threads, StepResult Step);

/// <summary>Benchmark of the training step at every vector width below this processor's, each in a child process of this program.</summary>
internal static class NarrowerVectors
{
    private static readonly (string Variable, int VectorBits)[] Switches = [("DOTNET_EnableAVX512", 256), ("DOTNET_EnableAVX2", 128)];

    /// <summary>Measures every narrower width.</summary>
    /// <param name="options">Options of the benchmark that the child processes share: settings and data.</param>
    /// <param name="threads">Compute threads.</param>
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

    /// <summary>
    /// Runs this program with other arguments and one more variable; returns its stdout and forwards its progress to stderr.
    /// </summary>
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
