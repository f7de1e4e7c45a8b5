using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Engine.Checks;

namespace GenSomAttn.Cli.Verbs;

/// <summary>gradcheck: checks the hand-written gradients on this machine.</summary>
internal static class GradcheckVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<string> accelerator = CommonOptions.Accelerator();
        Option<int> threads = CommonOptions.Threads();
        Option<int> device = CommonOptions.Device();
        Option<bool> json = CommonOptions.Json();
        var verb = new Command(
            "gradcheck", "Checks every gradient: the reference against finite differences, an accelerator against the reference. "
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
        using Backend<float> backend = AcceleratorSelection.Open(accelerator, threads, device);
        IReadOnlyList<CheckResult> results = GradientChecks.Run(backend);
        int failed = results.Count(result => !result.Passed);
        if (json)
        {
            int passed = results.Count - failed;
            IEnumerable<object> checks = CheckOutput.Rows(results);
            JsonOutput.Write(new { Accelerator = backend.Name, backend.Description, Checks = checks, Passed = passed, Failed = failed });
        }
        else
        {
            CheckOutput.Print(results);
            Console.Out.WriteLine($"{backend.Name} ({backend.Description}): {results.Count - failed} passed, {failed} failed");
        }

        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
