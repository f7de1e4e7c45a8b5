using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>What became of a file of a run.</summary>
public enum FileVerdict
{
    /// <summary>It is as it was written.</summary>
    Intact,

    /// <summary>It is missing, or not as it was written.</summary>
    Damaged,

    /// <summary>It does not belong to the training, and holds nothing by which it could be checked.</summary>
    NotChecked,
}

/// <summary>A file of a run and what became of it.</summary>
/// <param name="File">Path within the run directory.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Note">What is wrong, or worth to know; else empty.</param>
public sealed record VerifiedFile(string File, FileVerdict Verdict, string Note = "");

/// <summary>
/// Checks each file of a run: the configuration by the hash beside it, checkpoints by the hash within, pictures by the checksums of their
/// format, the two files of scores of the epochs, which hold the same numbers, by each other, and those of an evaluation by the hash within.
/// </summary>
public static class RunVerifier
{
    private const int MaxPictureBytes = 1 << 28;

    /// <summary>Checks the files of a run that nothing is writing to.</summary>
    public static IReadOnlyList<VerifiedFile> Verify(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IReadOnlyList<EpochMetrics> rows = [];
        VerifiedFile metrics = Check(run, run.Metrics.JsonPath, () => rows = CheckMetrics(run));
        List<VerifiedFile> files =
        [
            Check(run, run.ConfigHashPath, () => CheckConfig(run)),
            Check(run, run.ConfigPath, () => RunConfig.Load(run.ConfigPath)),
            Check(run, run.LastCheckpoint, () => CheckCheckpoint(run, run.LastCheckpoint)),
            metrics,
            Check(run, run.Metrics.CsvPath, () => CheckTable(run.Metrics, rows)),
            .. Pictures(run, rows).Select(path => Check(run, path, () => CheckPicture(path))),
        ];
        if (File.Exists(run.PreviousCheckpoint))
        {
            files.Add(Check(run, run.PreviousCheckpoint, () => CheckCheckpoint(run, run.PreviousCheckpoint)));
        }

        if (File.Exists(run.ScoresPath))
        {
            files.Add(Check(run, run.ScoresPath, () => ScoresFile.Check(run.ScoresPath)));
        }

        files.AddRange(Others(run, files));
        return [.. files.OrderBy(file => file.File, StringComparer.Ordinal)];
    }

    private static VerifiedFile Check(RunDirectory run, string path, Action check) => Check(run, path, () =>
    {
        check();
        return "";
    });

    /// <summary>Runs a check, which returns what is worth to know of an intact file.</summary>
    private static VerifiedFile Check(RunDirectory run, string path, Func<string> check)
    {
        string name = Path.GetRelativePath(run.Path, path);
        try
        {
            return new VerifiedFile(name, FileVerdict.Intact, check());
        }
        catch (Exception exception)
            when (exception is RunException or ModelFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new VerifiedFile(name, FileVerdict.Damaged, exception.Message);
        }
    }

    private static void CheckConfig(RunDirectory run)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(WholeFile.Read(run.ConfigPath, RunConfig.MaxBytes)));
        string expected = RunDirectory.ConfigHashLine(hash);
        if (!WholeFile.Read(run.ConfigHashPath, RunConfig.MaxBytes).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(expected)))
        {
            throw new RunException($"{Path.GetFileName(run.ConfigPath)} was changed, or this file was: it should say {expected.TrimEnd()}");
        }
    }

    private static void CheckCheckpoint(RunDirectory run, string path)
    {
        TrainingSettings settings = CheckpointFile.Load(path).Settings;
        if (settings != RunConfig.Load(run.ConfigPath).Settings)
        {
            throw new ModelFormatException($"Its settings are not those of {Path.GetFileName(run.ConfigPath)}.");
        }
    }

    /// <summary>The rows; a training that was stopped after its first checkpoint and before its first scores has none.</summary>
    private static IReadOnlyList<EpochMetrics> CheckMetrics(RunDirectory run)
    {
        MetricsLog metrics = run.Metrics;
        if (!File.Exists(metrics.JsonPath) && CheckpointFile.Load(run.LastCheckpoint).Step == 0)
        {
            return [];
        }

        IReadOnlyList<EpochMetrics> rows = metrics.Read();
        byte[] content = WholeFile.Read(metrics.JsonPath, MetricsLog.MaxBytes);
        bool isAsWritten = content.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(MetricsLog.ToLines(rows)));
        bool isInOrder = rows.Select(row => row.Epoch).SequenceEqual(Enumerable.Range(0, rows.Count));
        return isAsWritten && isInOrder
            ? rows
            : throw new RunException("its rows are not those of the epochs from 0, or not written as this program does.");
    }

    /// <summary>A process that was killed between the two files has left the table one row behind.</summary>
    private static string CheckTable(MetricsLog metrics, IReadOnlyList<EpochMetrics> rows)
    {
        string text = File.Exists(metrics.CsvPath) ? Encoding.Latin1.GetString(WholeFile.Read(metrics.CsvPath, MetricsLog.MaxBytes)) : "";
        bool isBehind = rows.Count > 0 && text == MetricsLog.ToCsv([.. rows.SkipLast(1)]);
        return text == MetricsLog.ToCsv(rows) ? ""
            : isBehind ? "one row behind, since its writer was stopped; resume adds it"
            : throw new RunException($"it does not hold what {Path.GetFileName(metrics.JsonPath)} holds.");
    }

    /// <summary>The pictures that there are, and those that there should be; of the newest epoch they may not be made yet.</summary>
    private static IEnumerable<string> Pictures(RunDirectory run, IReadOnlyList<EpochMetrics> rows)
    {
        IEnumerable<string> expected = rows.SkipLast(1)
            .SelectMany(row => ModelOf(run) is { } model ? RunDirectory.SampleNames(model, row.Epoch) : [])
            .Prepend(RunDirectory.RealsName)
            .Select(name => Path.Combine(run.SamplesPath, name));
        return FolderFiles.Find(run.Path, ".png").Union(expected);
    }

    /// <summary>What the run trained; null where its configuration is damaged, which is told of by itself.</summary>
    private static ModelKind? ModelOf(RunDirectory run)
    {
        try
        {
            return RunConfig.Load(run.ConfigPath).Settings.Model;
        }
        catch (RunException)
        {
            return null;
        }
    }

    private static void CheckPicture(string path)
    {
        if (!PngFile.IsIntact(WholeFile.Read(path, MaxPictureBytes)))
        {
            throw new RunException("its checksums do not fit its content.");
        }
    }

    private static IEnumerable<VerifiedFile> Others(RunDirectory run, IEnumerable<VerifiedFile> known)
    {
        HashSet<string> names = [.. known.Select(file => file.File)];
        return FolderFiles.Find(run.Path)
            .Select(path => Path.GetRelativePath(run.Path, path))
            .Where(name => !names.Contains(name))
            .Select(name => new VerifiedFile(name, FileVerdict.NotChecked, AtomicFiles.IsTemporary(name) || name == RunDirectory.LockName
                ? "left behind by a process that was killed; resume deletes it"
                : "not written by the training"));
    }
}
