using System.Text.Json.Nodes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>What a list of runs shows of one of them. Null where its file is missing or cannot be used.</summary>
public sealed record RunSummary
{
    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Number of the run; null if its folder's name has none.</summary>
    public required int? Number { get; init; }

    /// <summary>The configuration.</summary>
    public RunConfig? Config { get; init; }

    /// <summary>The newest scores.</summary>
    public EpochMetrics? Newest { get; init; }

    /// <summary>Purity of the map on the test images, of the newest evaluation.</summary>
    public double? Purity { get; init; }

    /// <summary>FCD of samples, of the newest evaluation.</summary>
    public double? FcdSamples { get; init; }

    /// <summary>Time of the newest checkpoint, else of the configuration; UTC.</summary>
    public required DateTime Date { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>The user's note.</summary>
    public string? Note { get; init; }

    /// <summary>What is wrong with the run's files, one sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Summarizes all runs of a folder, in the order of their numbers. A damaged one has <see cref="Problems"/>.</summary>
    /// <exception cref="FileException">The folder cannot be read.</exception>
    public static IReadOnlyList<RunSummary> All(string folder)
    {
        try
        {
            RunDirectory[] runs = [.. RunNumbers.All(folder).Select(RunDirectory.At)];
            IReadOnlyList<string?> duplicates = RunProblems.Duplicates(runs);
            return [.. runs.Zip(duplicates, (run, duplicate) => Of(run, duplicate))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot list {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>Summarizes a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="duplicate">What is wrong with it beside other runs; null for nothing.</param>
    public static RunSummary Of(RunDirectory run, string? duplicate = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        RunProblems problems = new();
        JsonObject? scores = problems.Try(run.ReadScores);
        IReadOnlyList<FileInfo> files = problems.Try(() => FilesOf(run.Path)) ?? [];
        RunConfig? config = problems.Try(() => RunConfig.Load(run.ConfigPath));
        EpochMetrics? newest = problems.Try(() => run.Metrics.Newest);
        string? note = problems.Try(run.ReadNote);
        problems.Compare(run, config, newest);
        DateTime created = Directory.GetCreationTimeUtc(run.Path);
        return new RunSummary
        {
            Path = run.Path,
            Number = RunNumbers.NumberOf(run.Path),
            Config = config,
            Newest = newest,
            Purity = ScoreOf(scores, "purity"),
            FcdSamples = ScoreOf(scores, "fcd_samples"),
            Date = File.Exists(run.LastCheckpoint) ? File.GetLastWriteTimeUtc(run.LastCheckpoint) : created,
            Bytes = files.Sum(file => file.Length),
            Note = note,
            Problems = duplicate is null ? problems.Found : [.. problems.Found, duplicate],
        };
    }

    private static double? ScoreOf(JsonObject? scores, string key) =>
        scores?[key] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static IReadOnlyList<FileInfo> FilesOf(string path) =>
        [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)];
}
