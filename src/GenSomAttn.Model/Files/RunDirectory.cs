using System.Globalization;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>The folder of one training: config.json, metrics, samples and checkpoints. Runs are numbered and never overwritten.</summary>
public sealed class RunDirectory
{
    private RunDirectory(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(System.IO.Path.GetFullPath(path).TrimEnd(System.IO.Path.DirectorySeparatorChar));
        Metrics = new MetricsLog(In("metrics.jsonl"), In("metrics.csv"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its own name, such as 0007-somattn-12x12-s42.</summary>
    public string Name { get; }

    /// <summary>The configuration: see <see cref="RunConfig"/>.</summary>
    public string ConfigPath => In("config.json");

    /// <summary>The folder of the pictures of each epoch.</summary>
    public string SamplesPath => In("samples");

    /// <summary>The newest checkpoint.</summary>
    public string LastCheckpoint => In("checkpoints", "last.safetensors");

    /// <summary>The checkpoint before the newest.</summary>
    public string PreviousCheckpoint => In("checkpoints", "previous.safetensors");

    /// <summary>The scores of each epoch.</summary>
    public MetricsLog Metrics { get; }

    /// <summary>Makes the folder of a new run with its subfolders, under the next number.</summary>
    /// <param name="outputFolder">Where runs are kept; it is made if only it itself is missing.</param>
    /// <param name="settings">For the name.</param>
    /// <exception cref="RunException">The folder cannot be made.</exception>
    public static RunDirectory Create(string outputFolder, TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(outputFolder);
        ArgumentNullException.ThrowIfNull(settings);
        string suffix = string.Create(
            CultureInfo.InvariantCulture, $"-somattn-{settings.MapHeight}x{settings.MapWidth}-s{settings.Seed}");
        try
        {
            if (Directory.GetParent(System.IO.Path.GetFullPath(outputFolder)) is { Exists: false } parent)
            {
                throw new RunException($"Cannot make a run in {outputFolder}: there is no folder {parent.FullName}. Make it first.");
            }

            Directory.CreateDirectory(outputFolder);
            RunDirectory run = new(RunNumbers.CreateNext(outputFolder, suffix));
            Directory.CreateDirectory(run.SamplesPath);
            Directory.CreateDirectory(run.In("checkpoints"));
            return run;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"Cannot make a run in {outputFolder}: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the folder of a run.</summary>
    /// <param name="pathOrNumber">The folder, or the number of a run in <paramref name="outputFolder"/>.</param>
    /// <param name="outputFolder">Where runs are kept.</param>
    /// <exception cref="RunException">There is no such run, or the folder is not one.</exception>
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
            throw new RunException($"There is no run {pathOrNumber}: give the folder of a run, or its number in {outputFolder}.");
        }

        RunDirectory run = new(path);
        return File.Exists(run.ConfigPath)
            ? run
            : throw new RunException($"{path} is not the folder of a run: it has no config.json.");
    }

    /// <summary>Writes a checkpoint as the last, and keeps the former last one as the previous.</summary>
    /// <exception cref="RunException">A file cannot be written; if there was a last checkpoint, there still is one.</exception>
    public void SaveCheckpoint(Checkpoint checkpoint)
    {
        byte[] bytes = CheckpointFile.ToBytes(checkpoint);

        // A copy, not a rename: at no moment is the name of the last checkpoint without a file.
        if (File.Exists(LastCheckpoint))
        {
            AtomicFile.Copy(LastCheckpoint, PreviousCheckpoint);
        }

        AtomicFile.Write(LastCheckpoint, bytes);
    }

    /// <summary>Reads the newest checkpoint.</summary>
    /// <exception cref="RunException">The run has none yet.</exception>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public Checkpoint LoadCheckpoint()
    {
        if (!File.Exists(LastCheckpoint))
        {
            throw new RunException($"{Path} has no checkpoint yet: its training was stopped before the first.");
        }

        try
        {
            return CheckpointFile.Load(LastCheckpoint);
        }
        catch (ModelFormatException exception) when (File.Exists(PreviousCheckpoint))
        {
            throw new ModelFormatException(
                $"{exception.Message} To use the checkpoint before it, copy {PreviousCheckpoint} over it.", exception);
        }
    }

    private string In(params ReadOnlySpan<string> names) => System.IO.Path.Combine([Path, .. names]);
}
