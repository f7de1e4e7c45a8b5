using System.CommandLine;
using GenSomAttn.Cli.Advising;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Verbs;

/// <summary>advise: what the scores of a run say, and what to change.</summary>
internal sealed class AdviseVerb(Command verb)
{
    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "advise",
            "Says in plain words what the scores of a run tell and what to change, each with what that change did in a table of the "
            + "repository: dead units, a folded map, units unlike their images, a loss that still falls, too few images, copies. "
            + "Example: advise 7");
        verb.SetAction(new AdviseVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        using TrainedRun run = _run.Open(parse);
        Dataset dataset = _run.LoadDataset(parse, run);
        using var test = new DeviceImages(run.Model.Backend, dataset.Test, run.Model.MaxBatch);
        MapStatistics? units = new Evaluator(run.Model).Evaluate(test, classes: 0).Map;
        IReadOnlyList<Advice> advice = Advisor.Of(RunFacts.Of(run.Directory, run.Checkpoint.Settings, dataset, units));
        if (_run.Json(parse))
        {
            JsonOutput.Write(new { Run = run.Directory.Path, run.Checkpoint.Epoch, Advice = advice });
        }
        else
        {
            AdviceText.Print(advice);
        }

        return ExitCodes.Done;
    }
}
