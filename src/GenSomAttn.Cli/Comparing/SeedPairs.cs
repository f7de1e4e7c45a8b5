using System.Globalization;
using System.Text;
using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A score of a model minus that of the first model, paired by seed.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Score">Name of the score.</param>
/// <param name="Test">The sign test.</param>
internal sealed record SeedPairs(string Model, string Score, SignTest Test)
{
    private const double Chance = 0.05;

    /// <summary>Pairs every model with the first by seed; empty for fewer seeds than a sign test needs.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="scores">Names and values of the scores; null where a run has none.</param>
    public static IReadOnlyList<SeedPairs> Of(
        IReadOnlyList<ComparedRun> runs, IReadOnlyList<(string Name, Func<ComparedRun, double?> Value)> scores)
    {
        ComparedModel first = runs[0].Model;
        Dictionary<ulong, ComparedRun> firsts = runs.Where(run => run.Model == first).ToDictionary(run => run.Seed);
        return
        [
            .. from model in runs.Where(run => run.Model != first).GroupBy(run => run.Model)
               from score in scores
               let differences = (
                   from run in model
                   where firsts.ContainsKey(run.Seed)
                   let difference = score.Value(run) - score.Value(firsts[run.Seed])
                   where difference is not null
                   select difference.Value).ToArray()
               where differences.Length >= SignTest.MinPairs
               select new SeedPairs(model.Key.Name, score.Name, SignTest.Of(differences)),
        ];
    }

    /// <summary>Formats the differences that are larger than chance as Markdown; nothing without pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="first">Name of the first model.</param>
    /// <param name="text">Returns a number as the main table has it.</param>
    public static string ToMarkdown(IReadOnlyList<SeedPairs> pairs, string first, Func<string, double, string> text)
    {
        if (pairs.Count == 0)
        {
            return "";
        }

        var table = new StringBuilder();
        table.Append($"\nDifferences from {first} with the same seed that are larger than chance (sign test, p below 0.05):\n\n");
        table.Append("| model | score | mean difference | higher in | lower in |\n| --- | --- | ---: | ---: | ---: |\n");
        foreach ((string model, string score, SignTest test) in pairs.Where(pair => pair.Test.P < Chance))
        {
            string mean = text(score, test.Mean);
            table.Append(CultureInfo.InvariantCulture, $"| {model} | {score} | {mean} | {test.Above} | {test.Below} |\n");
        }

        return table.ToString();
    }
}
