using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Loading;

/// <summary>A run directory with the model of its newest checkpoint.</summary>
internal sealed class TrainedRun : IDisposable
{
    private readonly Backend<float> _backend;

    private TrainedRun(
        RunDirectory directory, RunConfig config, Checkpoint checkpoint, Backend<float> backend, ImageModel model, bool inTrainingOrder)
    {
        Order = model is SomAttnModel map && !inTrainingOrder ? CanonicalOrder.Arrange(map) : [];
        Directory = directory;
        Config = config;
        Checkpoint = checkpoint;
        _backend = backend;
        Model = model;
    }

    /// <summary>The run directory.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Configuration of the training.</summary>
    public RunConfig Config { get; }

    /// <summary>The newest checkpoint.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The model restored from the checkpoint.</summary>
    public ImageModel Model { get; }

    /// <summary>The unit of the checkpoint for each one of <see cref="Model"/>; empty if they are in the checkpoint's order.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Opens a run.</summary>
    /// <param name="directory">The run directory.</param>
    /// <param name="config">Configuration of its training.</param>
    /// <param name="checkpoint">The newest checkpoint.</param>
    /// <param name="backend">Backend of the model; disposed with the run, and also if opening fails.</param>
    /// <param name="inTrainingOrder">Whether the units keep the checkpoint's order, not that in which maps are shown.</param>
    /// <exception cref="TensorFileException">The checkpoint cannot be used.</exception>
    public static TrainedRun Open(
        RunDirectory directory, RunConfig config, Checkpoint checkpoint, Backend<float> backend, bool inTrainingOrder)
    {
        try
        {
            return new TrainedRun(directory, config, checkpoint, backend, ImageModel.Restore(backend, checkpoint), inTrainingOrder);
        }
        catch (Exception exception) when (exception is TensorFileException or ArgumentException)
        {
            backend.Dispose();
            throw new TensorFileException($"Cannot use {directory.LastCheckpoint}: {PlainMessage.Of(exception)}", exception);
        }
    }

    /// <summary>Creates the error for a run whose model does not support a verb.</summary>
    /// <param name="directory">The run.</param>
    /// <param name="model">Kind of its model.</param>
    /// <param name="purpose">Reason in the message: "has no map".</param>
    public static UsageException Refuse(RunDirectory directory, ModelKind model, string purpose)
        => new($"{directory.Path} holds a {model.ToString().ToLowerInvariant()}, which {purpose}.");

    /// <summary>
    /// Loads the data of the training or other data, pictures of a folder read in the model's shape. A note on stderr reports other data
    /// than those of the training.
    /// </summary>
    /// <param name="data">The data; null for those of the training.</param>
    /// <param name="skipBroken">Whether to leave out unreadable pictures even if the training did not.</param>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public Dataset LoadDataset(DataPaths? data, bool skipBroken)
    {
        DataOptions options = OptionsOf(Config.Settings.SkipBroken || skipBroken);
        Dataset dataset = DataLoading.Load(data ?? Config.Data, options with { ValidationImages = null });
        if (dataset.Train.Shape != Model.Shape)
        {
            throw new DataException($"{data ?? Config.Data} has images of {dataset.Train.Shape}; the model takes {Model.Shape}.");
        }

        if (!IsOwn(dataset))
        {
            Console.Error.WriteLine($"note: {data ?? Config.Data} is not the data set that the run was trained on");
            return dataset;
        }

        if (options.ValidationImages is { } held)
        {
            dataset = dataset.HoldOut(held);
            Console.Error.WriteLine($"note: {dataset.Notes[^1]}");
        }

        return dataset;
    }

    /// <summary>Returns whether these are the data of the training.</summary>
    public bool IsOwn(Dataset dataset) => dataset.Sha256 == Checkpoint.DatasetSha256;

    /// <summary>Lists picture files, which are read in the model's shape.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="skipBroken">Whether to leave out unreadable pictures.</param>
    /// <exception cref="DataException">A path does not exist, or a folder holds no picture.</exception>
    public PictureFiles ListPictures(IReadOnlyList<string> paths, bool skipBroken) => new(paths, OptionsOf(skipBroken));

    private DataOptions OptionsOf(bool skipBroken) => Config.Settings.ToDataOptions() with
    {
        ImageSize = Model.Side,
        Channels = Model.Shape.Channels,
        SkipBroken = skipBroken,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _backend.Dispose();
    }
}
