using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Output;

/// <summary>Scores of generated images: a column for each sampler.</summary>
internal static class SamplerTable
{
    private static readonly (string Name, string Format, Func<SamplerScores, double?> Value)[] Scores =
    [
        ("sigma", "0.0", way => way.Sigma),
        ("samples", "0", way => way.Scores.Samples),
        ("fcd_samples", "0.000", way => way.Scores.FcdSamples),
        ("kid_samples", "0.0000", way => way.Scores.KidSamples),
        ("is_samples", "0.000", way => way.Scores.IsSamples),
        ("precision", "0.000", way => way.Scores.Precision),
        ("recall", "0.000", way => way.Scores.Recall),
        ("density", "0.000", way => way.Scores.Density),
        ("coverage", "0.000", way => way.Scores.Coverage),
        ("copy_share", "0.000", way => way.Scores.CopyShare),
    ];

    private static readonly (string Name, string Format, Func<SamplerScores, double?> Value)[] ByInception =
    [
        ("fid_samples", "0.000", way => way.Scores.FidSamples),
        ("is_inception", "0.000", way => way.Scores.IsInception),
    ];

    /// <summary>Returns the scores of the first sampler, for a flat document; null if images were not scored.</summary>
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
            scores?.FidSamples,
            scores?.IsInception,
            scores?.IsInceptionDeviation,
            scores?.Precision,
            scores?.Recall,
            scores?.Density,
            scores?.Coverage,
            scores?.CopyShare,
            scores?.CloserPairs,
        };
    }

    /// <summary>Prints a table with a line for each score; nothing if images were not scored.</summary>
    public static void Print(ModelEvaluation evaluation)
    {
        if (evaluation.Samplers.Count == 0)
        {
            return;
        }

        IEnumerable<string> names = evaluation.Samplers.Select(way => way.Sampler.ToString().ToLowerInvariant());
        var table = new TextTable(1, [.. TextTable.Texts("score"), .. TextTable.Numbers(names), .. TextTable.Texts("")]);
        bool hasInception = evaluation.Samplers[0].Scores.FidSamples is not null;
        foreach ((string name, string format, Func<SamplerScores, double?> value) in hasInception ? [.. Scores, .. ByInception] : Scores)
        {
            IEnumerable<string> values = evaluation.Samplers.Select(way => NumberText.Number(value(way), format));
            table.Add([name, .. values, ScoreDirections.Of(name)]);
        }

        table.Print();
    }
}
