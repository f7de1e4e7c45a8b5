using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Runs;

/// <summary>The folder of one training: config.json, metrics, samples and checkpoints. Runs are numbered and never overwritten.</summary>
public sealed partial class RunDirectory
{
    /// <summary>File name of the grid of real images.</summary>
    public const string RealsName = "reals.png";

    /// <summary>Name of the lock file, which a process holds while it trains in the folder.</summary>
    internal const string LockName = "training.lock";

    private const string ConfigName = "config.json";
    private const int MaxNoteBytes = 65536;

    private readonly AtomicFiles _files;

    private RunDirectory(string path, AtomicFiles files)
    {
        _files = files;
        Path = path;
        Name = System.IO.Path.GetFileName(System.IO.Path.GetFullPath(path).TrimEnd(System.IO.Path.DirectorySeparatorChar));
        Metrics = new MetricsLog(files, In("metrics.jsonl"), In("metrics.csv"));
        Losses = new LossLog(files, In("losses.safetensors"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Name of the folder, such as 0007-somattn-12x12-s42.</summary>
    public string Name { get; }

    /// <summary>Path of the configuration, see <see cref="RunConfig"/>.</summary>
    public string ConfigPath => In(ConfigName);

    /// <summary>Path of the SHA-256 of the configuration, in the format of sha256sum.</summary>
    public string ConfigHashPath => In("config.sha256");

    /// <summary>Path of the scores of the newest evaluation on the run's own data, see <see cref="ScoresFile"/>.</summary>
    public string ScoresPath => In("scores.json");

    /// <summary>Path of the user's note on the run, plain text in UTF-8.</summary>
    public string NotePath => In("note.txt");

    /// <summary>Path of the distances of the training images, see <see cref="TrainingDistances"/>.</summary>
    public string DistancesPath => In("distances.safetensors");

    /// <summary>Path of the page of the map, see <see cref="Atlas.AtlasPage"/>.</summary>
    public string AtlasPath => In("atlas.html");

    /// <summary>Path of the curves of the scores, see <see cref="ScoreCurves"/>.</summary>
    public string CurvesPath => In("curves.svg");

    /// <summary>Folder of the pictures of each epoch.</summary>
    public string SamplesPath => In("samples");

    /// <summary>Folder of the maps of all epochs, see <see cref="EpochMap"/>.</summary>
    public string MapsPath => In("maps");

    /// <summary>Path of the newest checkpoint.</summary>
    public string LastCheckpoint => In("checkpoints", "last.safetensors");

    /// <summary>Path of the checkpoint before the newest.</summary>
    public string PreviousCheckpoint => In("checkpoints", "previous.safetensors");

    /// <summary>The scores of each epoch.</summary>
    public MetricsLog Metrics { get; }

    /// <summary>The losses of single steps.</summary>
    public LossLog Losses { get; }

    /// <summary>Creates the folder of a new run with its subfolders, under the next number.</summary>
    /// <param name="outputFolder">Folder of all runs; it is created if it is missing, with its parents.</param>
    /// <param name="settings">Settings, part of the folder's name.</param>
    /// <param name="files">Writer of the run's files; null for the local disk.</param>
    /// <exception cref="FileException">The folder cannot be created.</exception>
    public static RunDirectory Create(string outputFolder, TrainingSettings settings, AtomicFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(outputFolder);
        ArgumentNullException.ThrowIfNull(settings);
        string map = ModelTraits.Of(settings.Model).HasMap
            ? string.Create(CultureInfo.InvariantCulture, $"-{settings.MapHeight}x{settings.MapWidth}")
            : "";
        string suffix = string.Create(
            CultureInfo.InvariantCulture, $"-{settings.Model.ToString().ToLowerInvariant()}{map}-s{settings.Seed}");
        try
        {
            Directory.CreateDirectory(outputFolder);
            RunDirectory run = new(RunNumbers.CreateNext(outputFolder, suffix), files ?? AtomicFiles.OnDisk);
            Directory.CreateDirectory(run.SamplesPath);
            Directory.CreateDirectory(run.In("checkpoints"));
            return run;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot make a run in {outputFolder}: {exception.Message}", exception);
        }
    }

    /// <summary>Returns whether a file is a checkpoint within the folder of a run.</summary>
    public static bool IsCheckpoint(string path)
    {
        string? folder = Directory.GetParent(System.IO.Path.GetFullPath(path))?.Parent?.FullName;
        if ((folder is null) || !File.Exists(path))
        {
            return false;
        }

        RunDirectory run = new(folder, AtomicFiles.OnDisk);
        string[] checkpoints = [run.LastCheckpoint, run.PreviousCheckpoint];
        return File.Exists(run.ConfigPath) && checkpoints.Contains(System.IO.Path.GetFullPath(path));
    }

    /// <summary>Opens the folder of a run.</summary>
    /// <param name="pathOrNumber">The folder, or the number of a run in <paramref name="outputFolder"/>.</param>
    /// <param name="outputFolder">Folder of all runs.</param>
    /// <exception cref="FileException">There is no such run, or the folder is not one.</exception>
    public static RunDirectory Open(string pathOrNumber, string outputFolder = "runs")
    {
        ArgumentException.ThrowIfNullOrEmpty(pathOrNumber);
        string? path = Directory.Exists(pathOrNumber) ? pathOrNumber : null;
        if (int.TryParse(pathOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            path = RunNumbers.Find(outputFolder, number) ?? path;
        }

        if (path is null)
        {
            throw new FileException(
                $"There is no run {pathOrNumber}: give the folder of a run, or its number in {outputFolder}. "
                + RunNumbers.Describe(outputFolder));
        }

        RunDirectory run = new(path, AtomicFiles.OnDisk);
        return File.Exists(run.ConfigPath)
            ? run
            : throw new FileException($"{path} is not the folder of a run: it has no config.json.");
    }

    /// <summary>Returns the run of a folder, which need not hold the files of one.</summary>
    internal static RunDirectory At(string path) => new(path, AtomicFiles.OnDisk);

    /// <summary>Returns the number of this run in a folder; null if it is in another folder, or another run has the same number.</summary>
    public int? NumberIn(string outputFolder = "runs") => RunNumbers.NumberIn(outputFolder, Path);

    /// <summary>
    /// Acquires the lock file: no other process can train in this folder until the result is disposed or the process ends.
    /// </summary>
    /// <exception cref="FileException">Another process holds the lock, or the folder is not writable.</exception>
    public IDisposable Lock() => TryLock() ?? throw new FileException($"Cannot train in {Path}: another process holds its lock.");

    /// <summary>Acquires the lock file; returns null if another process holds it.</summary>
    /// <exception cref="FileException">The folder is not writable.</exception>
    public IDisposable? TryLock() => FileLock.TryTake(In(LockName));

    /// <summary>Deletes the temporary files of a killed process. The caller holds the <see cref="Lock"/>.</summary>
    /// <exception cref="FileException">A file cannot be deleted.</exception>
    public void DeleteTemporary() => _files.DeleteTemporary(Path);

    /// <summary>Writes config.json, and its SHA-256 beside it.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void SaveConfig(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        byte[] bytes = config.ToBytes();
        string line = ConfigHashLine(Convert.ToHexStringLower(SHA256.HashData(bytes)));

        // The configuration last: its presence marks a folder as a run.
        _files.Write(ConfigHashPath, Encoding.ASCII.GetBytes(line));
        _files.Write(ConfigPath, bytes);
    }

    /// <summary>Writes a picture into <see cref="SamplesPath"/>.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SavePicture(string name, Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        _files.Write(System.IO.Path.Combine(SamplesPath, name), picture.ToPng());
    }

    /// <summary>Writes a file of the run.</summary>
    /// <param name="path">One of the paths above.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SaveFile(string path, byte[] content) => _files.Write(path, content);

    /// <summary>Reads <see cref="ScoresPath"/>; null if there is no such file.</summary>
    /// <exception cref="FileException">The file was changed, or cannot be read.</exception>
    public JsonObject? ReadScores()
    {
        try
        {
            return File.Exists(ScoresPath) ? ScoresFile.Read(ScoresPath) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileException($"Cannot use {ScoresPath}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes <see cref="ScoresPath"/>.</summary>
    /// <param name="document">An indented JSON object.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SaveScores(string document) => _files.Write(ScoresPath, ScoresFile.ToBytes(document));

    /// <summary>Reads the user's note, without line ends around it; null if there is none.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public string? ReadNote()
    {
        if (!File.Exists(NotePath))
        {
            return null;
        }

        try
        {
            string text = Encoding.UTF8.GetString(WholeFile.Read(NotePath, MaxNoteBytes)).Trim();
            return text.Length == 0 ? null : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileException($"Cannot use {NotePath}: {exception.Message}", exception);
        }
    }

    /// <summary>Writes the user's note, in place of an earlier one.</summary>
    /// <exception cref="FileException">The file cannot be written, or the text is too long.</exception>
    public void SaveNote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] bytes = Encoding.UTF8.GetBytes($"{text.Trim()}\n");
        if (bytes.Length > MaxNoteBytes)
        {
            throw new FileException($"A note has at most {MaxNoteBytes} bytes; this one has {bytes.Length}.");
        }

        _files.Write(NotePath, bytes);
    }

    /// <summary>Writes <see cref="DistancesPath"/>.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SaveDistances(TrainingDistances distances)
    {
        ArgumentNullException.ThrowIfNull(distances);
        _files.Write(DistancesPath, distances.ToBytes());
    }

    /// <summary>Returns the path of the map of an epoch.</summary>
    public string MapPath(int epoch) =>
        System.IO.Path.Combine(MapsPath, string.Create(CultureInfo.InvariantCulture, $"epoch_{epoch:000}.safetensors"));

    /// <summary>Writes the map of an epoch into <see cref="MapsPath"/>.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SaveMap(EpochMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        try
        {
            // Not the run itself, which its user may have moved or deleted.
            if (Directory.Exists(Path))
            {
                Directory.CreateDirectory(MapsPath);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot write into {Path}: {exception.Message}", exception);
        }

        _files.Write(MapPath(map.Epoch), EpochMapFile.ToBytes(map));
    }

    /// <summary>Reads the maps of all epochs, in their order; none of a run from before they were kept.</summary>
    /// <param name="units">U.</param>
    /// <exception cref="TensorFileException">A file is damaged.</exception>
    public IReadOnlyList<EpochMap> ReadMaps(int units) => Directory.Exists(MapsPath)
        ? [.. FolderFiles.Find(MapsPath, ".safetensors")
            .Select(path => EpochMapFile.Parse(SafetensorsFile.ReadBytes(path), path, units))
            .OrderBy(map => map.Epoch)]
        : [];

    /// <summary>Returns the content of <see cref="ConfigHashPath"/>.</summary>
    internal static string ConfigHashLine(string hash) => $"{hash}  {ConfigName}\n";

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");

    private string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);
}
