using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>Verdict on a file of a run.</summary>
public enum FileVerdict
{
    /// <summary>The file is as it was written.</summary>
    Intact,

    /// <summary>The file is missing, or not as it was written.</summary>
    Damaged,

    /// <summary>The file does not belong to the training and has no hash or checksum.</summary>
    NotChecked,
}

/// <summary>A file of a run and its verdict.</summary>
/// <param name="File">Path within the run directory.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Note">Fault or note; else empty.</param>
public sealed record VerifiedFile(string File, FileVerdict Verdict, string Note = "");

/// <summary>
/// Verifier of the files of a run: the configuration by the hash beside it, checkpoints, distances, maps and evaluation scores by the hash
/// within, pictures by the checksums of their format, the atlas by the hash at its end, and curves and the two files of epoch scores, which
/// hold the same numbers, against each other.
/// </summary>
public static class RunVerifier
{
    private const int MaxPictureBytes = 1 << 28;

    /// <summary>Checks the files of a run; no process may write to it meanwhile.</summary>
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

        if (File.Exists(run.DistancesPath))
        {
            files.Add(Check(run, run.DistancesPath, () =>
                _ = TrainingDistances.Parse(SafetensorsFile.ReadBytes(run.DistancesPath), run.DistancesPath)));
        }

        if (File.Exists(run.Losses.Path))
        {
            files.Add(Check(run, run.Losses.Path, () => _ = run.Losses.Read()));
        }

        if (Directory.Exists(run.MapsPath) && SettingsOf(run) is { } settings)
        {
            int units = settings.MapHeight * settings.MapWidth;
            files.AddRange(Maps(run, rows).Select(path => Check(run, path, () =>
                _ = EpochMapFile.Parse(SafetensorsFile.ReadBytes(path), path, units))));
        }

        if (File.Exists(run.CurvesPath))
        {
            files.Add(Check(run, run.CurvesPath, () => CheckCurves(run, rows)));
        }

        if (File.Exists(run.AtlasPath))
        {
            files.Add(Check(run, run.AtlasPath, () => AtlasPage.Check(WholeFile.Read(run.AtlasPath, MaxPictureBytes))));
        }

        files.AddRange(Others(run, files));
        return [.. files.OrderBy(file => file.File, StringComparer.Ordinal)];
    }

    private static VerifiedFile Check(RunDirectory run, string path, Action check) => Check(run, path, () =>
    {
        check();
        return "";
    });

    /// <summary>Runs a check, which returns the note for an intact file or throws.</summary>
    private static VerifiedFile Check(RunDirectory run, string path, Func<string> check)
    {
        string name = Path.GetRelativePath(run.Path, path);
        try
        {
            return new VerifiedFile(name, FileVerdict.Intact, check());
        }
        catch (Exception exception)
            when (exception is FileException or TensorFileException or IOException or UnauthorizedAccessException or InvalidDataException)
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
            throw new FileException(
                $"{Path.GetFileName(run.ConfigPath)} was changed, or this file was: it should say {expected.TrimEnd()}");
        }
    }

    private static void CheckCheckpoint(RunDirectory run, string path)
    {
        TrainingSettings settings = CheckpointFile.Load(path).Settings;
        TrainingSettings configured = RunConfig.Load(run.ConfigPath).Settings;
        if (settings != configured)
        {
            throw new TensorFileException(
                $"Its settings are not those of {Path.GetFileName(run.ConfigPath)}: {settings.DifferencesFrom(configured)}.");
        }
    }

    /// <summary>
    /// Checks and returns the rows; a training that was stopped between its first checkpoint and its first scores has none.
    /// </summary>
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
            : throw new FileException("its rows are not those of the epochs from 0, or not written as this program does.");
    }

    /// <summary>Checks the table, which a full disk or a kill leaves behind the rows; it is missing only before the second.</summary>
    private static string CheckTable(MetricsLog metrics, IReadOnlyList<EpochMetrics> rows)
    {
        string text = File.Exists(metrics.CsvPath) ? Encoding.Latin1.GetString(WholeFile.Read(metrics.CsvPath, MetricsLog.MaxBytes)) : "";
        return NoteOn(text, rows, least: rows.Count > 1 ? 1 : 0, MetricsLog.ToCsv)
            ?? throw new FileException($"its rows differ from those of {Path.GetFileName(metrics.JsonPath)}.");
    }

    /// <summary>Checks the curves, which a full disk or a kill leaves behind the rows, as does every epoch that is not evaluated.</summary>
    private static string CheckCurves(RunDirectory run, IReadOnlyList<EpochMetrics> rows)
    {
        string text = Encoding.Latin1.GetString(WholeFile.Read(run.CurvesPath, MetricsLog.MaxBytes));
        IReadOnlyList<StepLoss> losses = run.Losses.Read();
        return rows.Count == 0 ? "not compared, since there are no rows"
            : NoteOn(text, rows, least: 1, drawn => ScoreCurves.ToSvg(drawn, losses))
            ?? throw new FileException($"its curves differ from the rows of {Path.GetFileName(run.Metrics.JsonPath)}.");
    }

    /// <summary>Returns by how many rows a text is behind, empty if by none; null if it is of other rows.</summary>
    private static string? NoteOn(
        string text, IReadOnlyList<EpochMetrics> rows, int least, Func<IReadOnlyList<EpochMetrics>, string> write)
    {
        for (int behind = 0; behind <= rows.Count - least; behind++)
        {
            if (text == write([.. rows.SkipLast(behind)]))
            {
                string epochs = behind == 1 ? "1 epoch" : $"{behind} epochs";
                return behind == 0 ? "" : $"{epochs} behind, since its writer was stopped or its disk was full; resume adds them";
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the existing maps of epochs, and the expected ones after the first. The first of a run that an earlier version began may be
    /// missing.
    /// </summary>
    private static IEnumerable<string> Maps(RunDirectory run, IReadOnlyList<EpochMetrics> rows)
    {
        string[] existing = [.. FolderFiles.Find(run.MapsPath, ".safetensors")];
        return existing.Union(Drawn(run, rows).Select(row => run.MapPath(row.Epoch)).SkipWhile(path => !existing.Contains(path)));
    }

    /// <summary>
    /// Returns the rows of epochs whose pictures and maps must be there: not those of the newest, which are drawn after its row, and not
    /// those from the last checkpoint on, which resume draws again.
    /// </summary>
    private static IEnumerable<EpochMetrics> Drawn(RunDirectory run, IReadOnlyList<EpochMetrics> rows)
    {
        try
        {
            int epoch = CheckpointFile.Load(run.LastCheckpoint).Epoch;
            return rows.SkipLast(1).Where(row => row.Epoch < epoch);
        }
        catch (Exception exception) when (exception is FileException or TensorFileException)
        {
            // Reported as the fault of that file.
            return rows.SkipLast(1);
        }
    }

    /// <summary>Returns the existing and the expected pictures.</summary>
    private static IEnumerable<string> Pictures(RunDirectory run, IReadOnlyList<EpochMetrics> rows)
    {
        IEnumerable<string> expected = Drawn(run, rows)
            .SelectMany(row => SettingsOf(run) is { } settings ? RunPictures.Names(settings, row.Epoch) : [])
            .Prepend(RunDirectory.RealsName)
            .Select(name => Path.Combine(run.SamplesPath, name));
        return FolderFiles.Find(run.Path, ".png").Union(expected);
    }

    /// <summary>Returns the settings of the run; null if its configuration is damaged, which is reported separately.</summary>
    private static TrainingSettings? SettingsOf(RunDirectory run)
    {
        try
        {
            return RunConfig.Load(run.ConfigPath).Settings;
        }
        catch (FileException)
        {
            return null;
        }
    }

    private static void CheckPicture(string path)
    {
        if (!PngFile.IsIntact(WholeFile.Read(path, MaxPictureBytes)))
        {
            throw new FileException("its checksums do not fit its content.");
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
                : name == Path.GetFileName(run.NotePath) ? "the note of 'note'" : "not written by the training"));
    }
}
