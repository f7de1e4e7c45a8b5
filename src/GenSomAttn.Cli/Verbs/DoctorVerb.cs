using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Checks;

namespace GenSomAttn.Cli.Verbs;

/// <summary>doctor: compares an accelerator with the reference on this machine.</summary>
internal static class DoctorVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<string> accelerator = CommonOptions.Accelerator();
        Option<int> threads = CommonOptions.Threads();
        Option<int> device = CommonOptions.Device();
        Option<bool> json = CommonOptions.Json();
        var verb = new Command(
            "doctor", "Runs each operation on an accelerator against the reference in double, and ten training steps against the "
            + "reference in float; fails if a difference is larger than its tolerance. Example: doctor --accelerator opencl")
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
        DoctorReport report = Doctor.Examine(backend, what => Console.Error.WriteLine($"doctor: {what}"));
        int failed = report.Results.Count(result => !result.Passed);
        int passed = report.Results.Count - failed;
        if (json)
        {
            JsonOutput.Write(new
            {
                Accelerator = backend.Name,
                backend.Description,
                Checks = CheckOutput.Rows(report.Results),
                Passed = passed,
                Failed = failed,
                report.ComparedNothing,
                Healthy = report.Passed,
            });
        }
        else
        {
            CheckOutput.Print(report.Results);
            Console.Out.WriteLine($"{backend.Name} ({backend.Description}): {passed} passed, {failed} failed");
            if (report.ComparedNothing)
            {
                Console.Out.WriteLine("FAILED: every difference is exactly 0, so nothing was compared.");
            }
        }

        return report.Passed ? ExitCodes.Done : ExitCodes.Failed;
    }
}
