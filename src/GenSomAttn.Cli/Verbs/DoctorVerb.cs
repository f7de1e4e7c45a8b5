using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Checks;

namespace GenSomAttn.Cli.Verbs;

/// <summary>doctor: compares an accelerator with the reference on this machine.</summary>
internal sealed class DoctorVerb(Command verb)
{
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "doctor", "Runs each operation on an accelerator against the reference in double, and ten training steps against the "
            + "reference in float; fails if a difference is larger than its tolerance. Example: doctor --accelerator opencl");
        verb.SetAction(new DoctorVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        using Backend<float> backend = _backend.Open(parse);
        DoctorReport report = Doctor.Examine(backend, what => Console.Error.WriteLine($"doctor: {what}"));
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(JsonOutput.Merge(
                CheckOutput.Document(backend, report.Results), new { report.ComparedNothing, Healthy = report.Passed }));
        }
        else
        {
            CheckOutput.Print(backend, report.Results);
            if (report.ComparedNothing)
            {
                Console.Out.WriteLine("FAILED: every difference is exactly 0, so nothing was compared.");
            }
        }

        return report.Passed ? ExitCodes.Done : ExitCodes.Failed;
    }
}
