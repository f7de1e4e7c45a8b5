using System.Security.Cryptography;
using System.Text.Json;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>What is wrong with the files of a run, one sentence for each fault.</summary>
internal sealed class RunProblems
{
    private readonly List<string> _found = [];

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Found => _found;

    /// <summary>Reads a file; a fault of it becomes a problem, and null is returned.</summary>
    public T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is FileException or TensorFileException or IOException or UnauthorizedAccessException
            or InvalidDataException or JsonException)
        {
            _found.Add(exception.Message);
            return null;
        }
    }

    /// <summary>Compares configuration, checkpoint and scores of a run, as far as they can be read.</summary>
    /// <param name="run">The run.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="newest">Its newest scores.</param>
    public void Compare(RunDirectory run, RunConfig? config, EpochMetrics? newest)
    {
        Checkpoint? checkpoint = Try(() => run.LoadCheckpoint(allowNonFinite: true));
        if (config is null)
        {
            return;
        }

        string changes = Changes(config, checkpoint);
        if (changes.Length > 0)
        {
            _found.Add($"{run.ConfigPath} was changed after the training: {changes}.");
        }
        else if (Try(() => HashLineOf(run)) is { } hash && hash != WrittenHashOf(run))
        {
            _found.Add($"{run.ConfigPath} was changed after the training began, but not in a setting that the checkpoint holds.");
        }

        int epoch = newest?.Epoch ?? 0;
        if (epoch < config.Settings.Epochs)
        {
            _found.Add($"It is unfinished: {epoch} of {config.Settings.Epochs} epochs.");
        }

        _found.AddRange(config.Data.All.Where(path => !Path.Exists(path)).Select(path => $"Its data are no longer at {path}."));
    }

    /// <summary>
    /// Returns for each run a sentence about an earlier one of the list that it is a copy of, or whose number it has; null for neither.
    /// Copies have the same rows of scores, whose seconds no two trainings share.
    /// </summary>
    public static IReadOnlyList<string?> Duplicates(IReadOnlyList<RunDirectory> runs)
    {
        string?[] rows = [.. runs.Select(run => RowsHashOf(run.Metrics))];
        return [.. runs.Select((run, index) => Duplicate(runs, rows, index))];
    }

    private static string? Duplicate(IReadOnlyList<RunDirectory> runs, string?[] rows, int index)
    {
        for (int earlier = 0; earlier < index; earlier++)
        {
            if (rows[index] is { } own && own == rows[earlier])
            {
                return $"It is a copy of {runs[earlier].Name}.";
            }

            if (RunNumbers.NumberOf(runs[index].Path) == RunNumbers.NumberOf(runs[earlier].Path))
            {
                return $"{runs[earlier].Name} has the same number: name this run by its folder.";
            }
        }

        return null;
    }

    private static string Changes(RunConfig config, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            return "";
        }

        bool isOfOtherData = config.DataSha256.Length > 0 && config.DataSha256 != checkpoint.DatasetSha256;
        string settings = config.Settings == checkpoint.Settings ? "" : config.Settings.DifferencesFrom(checkpoint.Settings);
        string data = isOfOtherData ? $"data_sha256 is {config.DataSha256} instead of {checkpoint.DatasetSha256}" : "";
        return string.Join(", ", new[] { settings, data }.Where(change => change.Length > 0));
    }

    private static string HashLineOf(RunDirectory run) =>
        RunDirectory.ConfigHashLine(Convert.ToHexStringLower(SHA256.HashData(WholeFile.Read(run.ConfigPath, RunConfig.MaxBytes))));

    /// <summary>Returns the content of the hash's file; that of the configuration where there is no such file, as of old runs.</summary>
    private static string WrittenHashOf(RunDirectory run) =>
        File.Exists(run.ConfigHashPath) ? File.ReadAllText(run.ConfigHashPath) : HashLineOf(run);

    /// <summary>Returns a hash of the rows; null if there is none of a completed epoch, or they cannot be read.</summary>
    private static string? RowsHashOf(MetricsLog metrics)
    {
        try
        {
            return metrics.Read().Any(row => row.Seconds > 0)
                ? Convert.ToHexString(SHA256.HashData(WholeFile.Read(metrics.JsonPath, MetricsLog.MaxBytes)))
                : null;
        }
        catch (Exception exception)
            when (exception is FileException or IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            // The list of the run's problems has it already.
            return null;
        }
    }
}
