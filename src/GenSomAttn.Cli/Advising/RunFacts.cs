using System.Text.Json.Nodes;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Advising;

/// <summary>What advice on a run is derived from.</summary>
internal sealed record RunFacts
{
    /// <summary>The run as an argument of a command.</summary>
    public required string Run { get; init; }

    /// <summary>Its settings.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>Number of its training images.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Number of the test images.</summary>
    public required int TestImages { get; init; }

    /// <summary>Scores of the epochs.</summary>
    public required IReadOnlyList<EpochMetrics> Rows { get; init; }

    /// <summary>Number of units that look like none of their test images; null where that is not known.</summary>
    public int? UnlikeUnits { get; init; }

    /// <summary>See <see cref="SampleScores.CopyShare"/>; null for samples that were not scored.</summary>
    public double? CopyShare { get; init; }

    /// <summary>Newest scores; null before the first.</summary>
    public EpochMetrics? Newest => Rows is [.., var last] ? last : null;

    /// <summary>U, the number of units; 0 without a map.</summary>
    public int Units => ModelTraits.Of(Settings.Model).HasMap ? Settings.MapHeight * Settings.MapWidth : 0;

    /// <summary>Collects the facts of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="dataset">Its images.</param>
    /// <param name="units">Statistics of its units on the test images; null for none.</param>
    public static RunFacts Of(RunDirectory run, TrainingSettings settings, Dataset dataset, MapStatistics? units)
    {
        IReadOnlyList<EpochMetrics> rows = run.Metrics.Read();
        return new RunFacts
        {
            Run = Invocation.NameOf(run),
            Settings = settings,
            TrainingImages = dataset.Train.Count,
            TestImages = dataset.Test.Count,
            Rows = rows,
            UnlikeUnits = units is null ? null : Model.Evaluation.UnlikeUnits.Of(units, dataset.Test).Count,
            CopyShare = CopyShareOf(run.ReadScores(), rows),
        };
    }

    /// <summary>Returns the share of an evaluation of the newest epoch; null for none.</summary>
    private static double? CopyShareOf(JsonObject? scores, IReadOnlyList<EpochMetrics> rows)
    {
        bool isNewest = scores?["epoch"] is JsonValue epoch && epoch.TryGetValue(out int number) && rows is [.., var last]
            && last.Epoch == number;
        return isNewest && scores!["copy_share"] is JsonValue share && share.TryGetValue(out double value) ? value : null;
    }
}
