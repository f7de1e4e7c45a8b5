using System.Text.Json;
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
            return [.. RunNumbers.All(folder).Select(path => Of(RunDirectory.At(path)))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot list {folder}: {exception.Message}", exception);
        }
    }

    /// <summary>Summarizes a run.</summary>
    public static RunSummary Of(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        List<string> problems = [];
        JsonObject? scores = Try(problems, () => File.Exists(run.ScoresPath) ? ScoresFile.Read(run.ScoresPath) : null);
        IReadOnlyList<FileInfo> files = Try(problems, () => FilesOf(run.Path)) ?? [];
        DateTime created = Directory.GetCreationTimeUtc(run.Path);
        return new RunSummary
        {
            Path = run.Path,
            Number = RunNumbers.NumberOf(run.Path),
            Config = Try(problems, () => RunConfig.Load(run.ConfigPath)),
            Newest = Try(problems, () => run.Metrics.Newest),
            Purity = ScoreOf(scores, "purity"),
            FcdSamples = ScoreOf(scores, "fcd_samples"),
            Date = File.Exists(run.LastCheckpoint) ? File.GetLastWriteTimeUtc(run.LastCheckpoint) : created,
            Bytes = files.Sum(file => file.Length),
            Note = Try(problems, run.ReadNote),
            Problems = problems,
        };
    }

    private static double? ScoreOf(JsonObject? scores, string key) =>
        scores?[key] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static IReadOnlyList<FileInfo> FilesOf(string path) =>
        [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)];

    private static T? Try<T>(List<string> problems, Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception)
            when (exception is FileException or IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            problems.Add(exception.Message);
            return null;
        }
    }
}
