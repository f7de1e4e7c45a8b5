using GenSomAttn.Model.Evaluation;
using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Scores of generated images: a line for each way of drawing them.</summary>
internal static class SamplerTable
{
    /// <summary>The scores of the first way, for a document without nesting; null where images were not scored.</summary>
    public static object First(ModelEvaluation evaluation)
    {
        SamplerScores? first = evaluation.Samplers.Count > 0 ? evaluation.Samplers[0] : null;
        SampleScores? scores = first?.Scores;
        return new
        {
            first?.Sampler,
            scores?.Samples,
            scores?.FcdSamples,
            scores?.KidSamples,
            scores?.KidDeviation,
            scores?.IsSamples,
            scores?.IsDeviation,
            scores?.Precision,
            scores?.Recall,
            scores?.Density,
            scores?.Coverage,
            scores?.CopyShare,
            scores?.CloserPairs,
        };
    }

    /// <summary>Prints a table; nothing where images were not scored.</summary>
    public static void Print(ModelEvaluation evaluation)
    {
        if (evaluation.Samplers.Count == 0)
        {
            return;
        }

        Table table = NumberTables.Create(
            1, "sampler", "sigma", "samples", "fcd_samples", "kid_samples", "is_samples", "precision", "recall", "density", "coverage",
            "copy_share");
        foreach ((var sampler, double? sigma, SampleScores scores) in evaluation.Samplers)
        {
            NumberTables.AddRow(
                table, sampler.ToString().ToLowerInvariant(), NumberTables.Number(sigma, "0.0"), NumberTables.Number(scores.Samples, "0"),
                NumberTables.Number(scores.FcdSamples, "0.000"), NumberTables.Number(scores.KidSamples, "0.0000"),
                NumberTables.Number(scores.IsSamples, "0.000"), NumberTables.Number(scores.Precision, "0.000"),
                NumberTables.Number(scores.Recall, "0.000"), NumberTables.Number(scores.Density, "0.000"),
                NumberTables.Number(scores.Coverage, "0.000"), NumberTables.Number(scores.CopyShare, "0.000"));
        }

        Consoles.Output().Write(table);
    }
}
