using System.CommandLine;
using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Engine.Checks;
using Spectre.Console;

namespace GenSomAttn.Cli.Verbs;

/// <summary>gradcheck: proof that the hand-written gradients are right, on this machine.</summary>
internal static class GradcheckVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<string> accelerator = CommonOptions.Accelerator();
        Option<int> threads = CommonOptions.Threads();
        Option<int> device = CommonOptions.Device();
        Option<bool> json = CommonOptions.Json();
        var verb = new Command(
            "gradcheck", "Checks every gradient: the reference against differences, an accelerator against the reference. "
            + "Example: gradcheck --accelerator cpu")
        {
            accelerator, device, threads, json,
        };
        verb.SetAction(parse => Run(
            parse.GetValue(accelerator) ?? "auto", parse.GetValue(threads), parse.GetValue(device), parse.GetValue(json)));
        return verb;
    }

    private static int Run(string accelerator, int threads, int device, bool json)
    {
        using IBackend backend = Accelerators.Open(accelerator, threads, device);
        IReadOnlyList<GradientCheckResult> results = GradientChecks.Run(backend);
        int failed = results.Count(result => !result.Passed);
        if (json)
        {
            var checks = results.Select(result => new
            {
                result.Case,
                result.Tensor,
                result.Stage,
                WorstError = double.IsFinite(result.WorstError) ? (double?)result.WorstError : null,
                result.Tolerance,
                result.Passed,
            });
            int passed = results.Count - failed;
            JsonOutput.Write(
                new { Accelerator = backend.Name, backend.Description, Checks = checks, Passed = passed, Failed = failed });
        }
        else
        {
            Print(results);
            Console.Out.WriteLine($"{backend.Name} ({backend.Description}): {results.Count - failed} passed, {failed} failed");
        }

        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(IReadOnlyList<GradientCheckResult> results)
    {
        Table table = Consoles.PlainTable("case", "tensor", "stage", "worst error", "tolerance", "");
        foreach (GradientCheckResult result in results)
        {
            string[] cells =
            [
                result.Case, result.Tensor, result.Stage.ToString().ToLowerInvariant(),
                result.WorstError.ToString("0.0e+00", CultureInfo.InvariantCulture),
                result.Tolerance.ToString("0.0e+00", CultureInfo.InvariantCulture),
                result.Passed ? "ok" : result.AllZero ? "FAILED: all zero" : "FAILED",
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        Consoles.Output().Write(table);
    }
}
