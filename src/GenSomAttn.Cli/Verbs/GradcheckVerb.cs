using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Engine.Checks;

namespace GenSomAttn.Cli.Verbs;

/// <summary>gradcheck: checks the hand-written gradients on this machine.</summary>
internal sealed class GradcheckVerb(Command verb)
{
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "gradcheck", "Checks every gradient: the reference against finite differences, an accelerator against the reference. "
            + "Example: gradcheck --accelerator cpu");
        verb.SetAction(new GradcheckVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        using Backend<float> backend = _backend.Open(parse);
        IReadOnlyList<CheckResult> results = GradientChecks.Run(backend, (done, all) => WorkDone.Set("cases", done, all));
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(CheckOutput.Document(backend, results));
        }
        else
        {
            CheckOutput.Print(backend, results);
        }

        return results.All(result => result.Passed) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
