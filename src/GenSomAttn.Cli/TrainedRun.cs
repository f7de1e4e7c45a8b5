using GenSomAttn.Backends;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli;

/// <summary>A run directory with the model of its newest checkpoint.</summary>
internal sealed class TrainedRun : IDisposable
{
    private readonly IBackend _backend;

    private TrainedRun(RunDirectory directory, RunConfig config, Checkpoint checkpoint, IBackend backend, ImageModel model)
    {
        Directory = directory;
        Config = config;
        Checkpoint = checkpoint;
        _backend = backend;
        Model = model;
    }

    /// <summary>The folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>What it was trained with.</summary>
    public RunConfig Config { get; }

    /// <summary>The newest checkpoint.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Its model.</summary>
    public ImageModel Model { get; }

    /// <summary>Opens a run.</summary>
    /// <param name="run">Folder or number.</param>
    /// <param name="allowNonFinite">Whether its numbers may be infinite or not numbers.</param>
    /// <param name="accelerator">What shall compute.</param>
    /// <param name="threads">Threads that compute, 0 for all processors.</param>
    /// <param name="device">Number of the device.</param>
    /// <exception cref="RunException">There is no such run.</exception>
    /// <exception cref="ModelFormatException">Its checkpoint is damaged.</exception>
    /// <exception cref="AcceleratorUnavailableException">The accelerator is not here.</exception>
    public static TrainedRun Open(string run, bool allowNonFinite, string accelerator, int threads, int device)
    {
        RunDirectory directory = RunDirectory.Open(run);
        RunConfig config = RunConfig.Load(directory.ConfigPath);
        Checkpoint checkpoint = directory.LoadCheckpoint(allowNonFinite);
        IBackend backend = Accelerators.Open(accelerator, threads, device);
        try
        {
            return new TrainedRun(directory, config, checkpoint, backend, ImageModel.Restore(backend, checkpoint));
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException)
        {
            backend.Dispose();
            throw new ModelFormatException($"Cannot use {directory.LastCheckpoint}: {exception.Message}", exception);
        }
    }

    /// <summary>The model, if it can do what is asked of it.</summary>
    /// <typeparam name="T">What it has to be.</typeparam>
    /// <param name="purpose">For the message: "has no map".</param>
    /// <exception cref="UsageException">It is another one.</exception>
    public T ModelAs<T>(string purpose)
        where T : ImageModel => Model as T
        ?? throw new UsageException($"{Directory.Path} holds a {Config.Settings.Model.ToString().ToLowerInvariant()}, which {purpose}.");

    /// <summary>
    /// Loads the data that the run was trained on, or others, pictures of a folder in the size that the model takes; where they differ,
    /// says so on stderr.
    /// </summary>
    /// <param name="folder">The data folder; null for that of the training.</param>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public Dataset LoadDataset(string? folder)
    {
        Dataset dataset = DataLoading.Load(folder ?? Config.Data, Config.Settings.ToDataOptions() with { ImageSize = Model.Side });
        if (dataset.Train.Side != Model.Side)
        {
            throw new DataException($"{folder ?? Config.Data} has images of side {dataset.Train.Side}, the model takes side {Model.Side}.");
        }

        if (dataset.Sha256 != Checkpoint.DatasetSha256)
        {
            Console.Error.WriteLine($"note: {folder ?? Config.Data} is not the data set that the run was trained on");
        }

        return dataset;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _backend.Dispose();
    }
}
