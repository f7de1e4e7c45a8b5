using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Engine.Som;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// A network that encodes images as vectors (codes or features). S side and C channels of the images, D elements of a vector.
/// </summary>
public abstract class ImageModel : IDisposable
{
    /// <summary>Checks the sizes; a derived model then builds its layers in <see cref="Memory"/>.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">Sizes; also the largest batch.</param>
    /// <param name="shape">Shape of the images; the side is a multiple of 4.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the side no multiple of 4.</exception>
    protected ImageModel(Backend<float> backend, TrainingSettings settings, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        Backend = backend;
        Settings = Resolve(settings, shape);
        Convolutions = new ConvNetworks(shape, Settings.Stages!.Value, MaxBatch);
        Shape = shape;
        Memory = new DeviceMemory(backend);
        Context = new LayerContext(backend, Parameters, Memory, MaxBatch);
    }

    /// <summary>Backend that runs the operations.</summary>
    public Backend<float> Backend { get; }

    /// <summary>Settings that the model was built with, as <see cref="Resolve"/> returns them.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>Shape of the images, (S, S, C).</summary>
    public ImageShape Shape { get; }

    /// <summary>S, pixels of a side of an image.</summary>
    public int Side => Shape.Side;

    /// <summary>Largest batch of the encoder: the images of a shard of a training step.</summary>
    public int MaxBatch => DivideUp(Settings.BatchSize, Settings.Shards);

    /// <summary>D, elements of the vector that <see cref="Encode"/> computes for an image.</summary>
    public abstract int CodeLength { get; }

    /// <summary>Parameters that the optimizer updates; the codebook is not among them.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>The map of the codes; null for a model without one.</summary>
    public virtual SelfOrganizingMap? Map => null;

    /// <summary>Attention probabilities of the last <see cref="Encode"/>; null for a model without attention.</summary>
    public virtual AttentionProbs? AttentionProbs => null;

    /// <summary>Bytes allocated on the device.</summary>
    public long DeviceBytes => Memory.Bytes;

    /// <summary>The convolutional networks for the images.</summary>
    private protected ConvNetworks Convolutions { get; }

    /// <summary>Owner of the model's buffers.</summary>
    protected DeviceMemory Memory { get; }

    /// <summary>Context that the layers are built with.</summary>
    protected LayerContext Context { get; }

    /// <summary>
    /// Returns the settings with the values that depend on the images: channels, and stages and commitment where none are given.
    /// </summary>
    /// <param name="settings">The settings.</param>
    /// <param name="shape">Shape of the images.</param>
    /// <exception cref="ArgumentException">The settings are for other channels.</exception>
    public static TrainingSettings Resolve(TrainingSettings settings, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Channels is { } channels && channels != shape.Channels)
        {
            throw new ArgumentException($"The settings are for images of {channels} channels, the images have {shape.Channels}.");
        }

        int stages = settings.Model == ModelKind.Classifier ? TrainingSettings.MinStages : ConvNetworks.StagesOf(shape.Side);
        double commitment = shape.Channels == ImageShape.Gray ? TrainingSettings.GrayCommitment : 0;
        return settings with
        {
            Channels = shape.Channels,
            Stages = settings.Stages ?? stages,
            Commitment = settings.Commitment ?? commitment,
        };
    }

    /// <summary>
    /// Builds the model of the settings; all its tensors are zero until <see cref="Initialize"/> or <see cref="Import"/>.
    /// </summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">Kind of the model, and its sizes.</param>
    /// <param name="shape">Shape of the images; the side is a multiple of 4.</param>
    /// <param name="classes">Number of classes of the data, for a classifier.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the side no multiple of 4.</exception>
    public static ImageModel Create(Backend<float> backend, TrainingSettings settings, ImageShape shape, int classes)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return settings.Model switch
        {
            ModelKind.SomAttn => new SomAttnModel(backend, settings, shape),
            ModelKind.Vae => new VaeModel(backend, settings, shape),
            ModelKind.Ae => new AutoencoderModel(backend, settings, shape),
            ModelKind.Classifier => new ClassifierModel(backend, settings, shape, classes),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Builds the model of a checkpoint, with or without the optimizer's moments.</summary>
    /// <exception cref="TensorFileException">The tensors do not fit the settings.</exception>
    public static ImageModel Restore(Backend<float> backend, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ImageModel model = Create(backend, checkpoint.Settings, checkpoint.Shape, checkpoint.Classes);
        try
        {
            new TensorExchange(model).ImportToUse(checkpoint.Tensors);
            return model;
        }
        catch (TensorFileException)
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Draws all initial values from the seed of the settings.</summary>
    public void Initialize()
    {
        Parameters.Initialize(Settings.Seed);
        Map?.Initialize(Settings.Seed);
    }

    /// <summary>
    /// Exports all tensors of the model and the optimizer's moments, in PyTorch's layouts: parameters under their names, the codebook as
    /// som.codebook (rows, columns, D), moments as optimizer.exp_avg.NAME and optimizer.exp_avg_sq.NAME.
    /// </summary>
    public IReadOnlyList<NamedTensor> Export() => new TensorExchange(this).Export();

    /// <summary>Imports the tensors of <see cref="Export"/>.</summary>
    /// <exception cref="TensorFileException">
    /// A tensor is missing, unknown, duplicate, or of another shape; nothing is changed then.
    /// </exception>
    public void Import(IReadOnlyList<NamedTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        new TensorExchange(this).Import(tensors);
    }

    /// <summary>Encodes images, (N, S·S·C), as vectors, (N, D), which stay valid until the next call.</summary>
    public abstract DeviceView<float> Encode(DeviceView<float> images, int batch);

    /// <summary>Runs the whole forward pass on images, (N, S·S), for the scores of the model.</summary>
    public abstract ModelOutput Forward(DeviceView<float> images, int batch);

    /// <summary>Creates the training loss of the model, with its buffers in the memory of the training.</summary>
    public abstract TrainingLoss CreateLoss(DeviceMemory memory);

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
