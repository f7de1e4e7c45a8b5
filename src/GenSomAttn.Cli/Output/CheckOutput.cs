using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;

namespace GenSomAttn.Cli.Output;

/// <summary>Results of checks as a text table and as rows of a JSON document.</summary>
internal static class CheckOutput
{
    /// <summary>Prints a row for each compared tensor, and how many checks passed and failed.</summary>
    public static void Print(Backend<float> backend, IReadOnlyList<CheckResult> results)
    {
        var table = new TextTable(3, [.. TextTable.Texts("case", "tensor", "stage", "worst error", "tolerance", "")]);
        foreach (CheckResult result in results)
        {
            table.Add(
                result.Case, result.Tensor, result.Stage.ToString().ToLowerInvariant(),
                result.WorstError.ToString("0.0e+00", CultureInfo.InvariantCulture),
                result.Tolerance.ToString("0.0e+00", CultureInfo.InvariantCulture),
                result.Passed ? "ok" : result.AllZero ? "FAILED: all zero" : "FAILED");
        }

        table.Print();
        int passed = results.Count(result => result.Passed);
        Console.Out.WriteLine($"{backend.Name} ({backend.Description}): {passed} passed, {results.Count - passed} failed");
    }

    /// <summary>Returns the same as a JSON document, in which an error that is NaN or infinite becomes null.</summary>
    public static object Document(Backend<float> backend, IReadOnlyList<CheckResult> results) => new
    {
        Accelerator = backend.Name,
        backend.Description,
        Checks = results.Select(result => new
        {
            result.Case,
            result.Tensor,
            result.Stage,
            WorstError = double.IsFinite(result.WorstError) ? (double?)result.WorstError : null,
            result.Tolerance,
            result.Passed,
        }),
        Passed = results.Count(result => result.Passed),
        Failed = results.Count(result => !result.Passed),
    };
}
