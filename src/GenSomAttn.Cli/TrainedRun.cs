using GenSomAttn.Backends;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Training;

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
    /// <param name="directory">Its folder.</param>
    /// <param name="config">What it was trained with.</param>
    /// <param name="checkpoint">Its newest checkpoint.</param>
    /// <param name="backend">What computes; disposed of with the run, and if it cannot be opened.</param>
    /// <exception cref="ModelFormatException">The checkpoint cannot be used.</exception>
    public static TrainedRun Open(RunDirectory directory, RunConfig config, Checkpoint checkpoint, IBackend backend)
    {
        try
        {
            return new TrainedRun(directory, config, checkpoint, backend, ImageModel.Restore(backend, checkpoint));
        }
        catch (Exception exception) when (exception is ModelFormatException or ArgumentException)
        {
            backend.Dispose();
            throw new ModelFormatException($"Cannot use {directory.LastCheckpoint}: {PlainMessage.Of(exception)}", exception);
        }
    }

    /// <summary>The error about a run whose model cannot do what is asked of it.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="model">What it holds.</param>
    /// <param name="purpose">For the message: "has no map".</param>
    public static UsageException Refuse(RunDirectory directory, ModelKind model, string purpose)
        => new($"{directory.Path} holds a {model.ToString().ToLowerInvariant()}, which {purpose}.");

    /// <summary>
    /// Loads the data that the run was trained on, or others, pictures of a folder in the size that the model takes; where they differ,
    /// says so on stderr.
    /// </summary>
    /// <param name="folder">The data folder; null for that of the training.</param>
    /// <param name="skipBroken">Whether to leave out pictures that cannot be read, also if the training did not.</param>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public Dataset LoadDataset(string? folder, bool skipBroken)
    {
        DataOptions options = Config.Settings.ToDataOptions();
        Dataset dataset = DataLoading.Load(
            folder ?? Config.Data, options with { ImageSize = Model.Side, SkipBroken = options.SkipBroken || skipBroken });
        if (dataset.Train.Side != Model.Side)
        {
            throw new DataException($"{folder ?? Config.Data} has images of side {dataset.Train.Side}, the model takes side {Model.Side}.");
        }

        if (!IsOwn(dataset))
        {
            Console.Error.WriteLine($"note: {folder ?? Config.Data} is not the data set that the run was trained on");
        }

        return dataset;
    }

    /// <summary>Whether these are the data that the run was trained on.</summary>
    public bool IsOwn(Dataset dataset) => dataset.Sha256 == Checkpoint.DatasetSha256;

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _backend.Dispose();
    }
}
