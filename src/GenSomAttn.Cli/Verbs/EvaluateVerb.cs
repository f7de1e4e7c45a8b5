using System.CommandLine;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Verbs;

/// <summary>evaluate: every score on the test images.</summary>
internal static class EvaluateVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var options = new RunOptions();
        var verb = new Command("evaluate", "Scores a trained run on the test images of its data set. Example: evaluate 7 --json");
        options.AddTo(verb);
        verb.SetAction(parse => Run(parse, options));
        return verb;
    }

    private static int Run(ParseResult parse, RunOptions options)
    {
        using TrainedRun run = options.Open(parse);
        EvaluationResult result = new Evaluator(run.Model).Evaluate(run.LoadDataset(options.Data(parse)));
        var scores = new
        {
            Run = run.Directory.Path,
            run.Checkpoint.Epoch,
            run.Checkpoint.Step,
            result.Images,
            result.MseE,
            result.MseQ,
            result.QuantizationError,
            result.Te4,
            result.Te8,
            result.UnitsUsed,
            result.Perplexity,
            result.Purity,
            result.Nmi,
            result.UnitLabelAccuracy,
        };
        if (options.Json(parse))
        {
            JsonOutput.Write(scores);
        }
        else
        {
            ScoreTable.PrintScores(scores);
        }

        return ExitCodes.Done;
    }
}
