using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model;

/// <summary>
/// Gen-SOM-Attn: an autoencoder with attention on the way to its latent vector v, a self-organizing map of such vectors, and one decoder D
/// for both. S side of the images, D latent dimensions, U units.
/// </summary>
public sealed class SomAttnModel : IDisposable
{
    private readonly DeviceMemory _memory;
    private readonly Sequence _encoder;
    private readonly Sequence _decoder;
    private readonly DeviceView<float> _codePairs;
    private readonly PreNormAttention? _attention;

    /// <summary>Plans a model; all its numbers are zero until <see cref="Initialize"/> or <see cref="Import"/>.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="settings">Sizes; also the largest batch.</param>
    /// <param name="side">S, pixels; a multiple of 4.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the side no multiple of 4, or a buffer would be longer than a buffer can be.
    /// </exception>
    public SomAttnModel(IBackend backend, TrainingSettings settings, int side)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        CheckSide(side, settings.BatchSize);
        CheckTokens(side, settings);
        Backend = backend;
        Settings = settings;
        Side = side;
        _memory = new DeviceMemory(backend);
        _codePairs = _memory.Take<float>(2 * MaxBatch * settings.Latent);

        var encoderContext = new LayerContext(backend, Parameters, _memory, MaxBatch);
        (_encoder, _attention) = BuildEncoder(encoderContext, settings, side, _codePairs.First(MaxBatch * settings.Latent));
        _decoder = ConvNetworks.Decoder(encoderContext with { MaxBatch = MaxDecode }, side, settings.Latent);
        Parameters.Allocate(_memory);
        Map = new SelfOrganizingMap(
            backend, _memory, new SomShape(MaxBatch, settings.MapHeight, settings.MapWidth, settings.Latent));
    }

    /// <summary>Who computes.</summary>
    public IBackend Backend { get; }

    /// <summary>The settings it was planned with.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>S, pixels of a side of an image.</summary>
    public int Side { get; }

    /// <summary>Pixels of an image.</summary>
    public int PixelsPerImage => Side * Side;

    /// <summary>Images that can be encoded at once.</summary>
    public int MaxBatch => Settings.BatchSize;

    /// <summary>Codes that can be decoded at once: those of a batch and their quantized ones.</summary>
    public int MaxDecode => 2 * MaxBatch;

    /// <summary>What the gradient moves.</summary>
    public ParameterSet Parameters { get; } = new();

    /// <summary>The map.</summary>
    public SelfOrganizingMap Map { get; }

    /// <summary>Where the attention of the last <see cref="Encode"/> looked; null for a model without attention.</summary>
    public AttentionProbs? AttentionProbs => _attention?.Probs;

    /// <summary>Bytes that the model keeps on its device.</summary>
    public long DeviceBytes => _memory.Bytes;

    /// <summary>Draws all initial values from the seed of the settings.</summary>
    public void Initialize()
    {
        Parameters.Initialize(Settings.Seed);
        Map.Initialize(Settings.Seed);
    }

    /// <summary>
    /// All numbers of the model and the optimizer's moments, in PyTorch's layouts: parameters under their names, the codebook as
    /// som.codebook (rows, columns, D), moments as optimizer.exp_avg.NAME and optimizer.exp_avg_sq.NAME.
    /// </summary>
    public IReadOnlyList<NamedTensor> Export() => new TensorExchange(this).Export();

    /// <summary>Takes the numbers that <see cref="Export"/> gave.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing, left over, twice there, or of another shape; nothing is changed then.</exception>
    public void Import(IReadOnlyList<NamedTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        new TensorExchange(this).Import(tensors);
    }

    /// <summary>Latent vectors of images: (N, S·S) to (N, D). They stay valid until the next call.</summary>
    public DeviceView<float> Encode(DeviceView<float> images, int batch) => _encoder.Forward(images, batch);

    /// <summary>Images of latent vectors: (N, D) to (N, S·S) in (0, 1). They stay valid until the next call.</summary>
    public DeviceView<float> Decode(DeviceView<float> codes, int count) => _decoder.Forward(codes, count);

    /// <summary>Encodes images, finds the winners, and decodes both the codes and the winners' codebook vectors, in one batch.</summary>
    public Reconstruction Reconstruct(DeviceView<float> images, int batch)
    {
        int codesLength = batch * Settings.Latent;
        int imagesLength = batch * PixelsPerImage;

        // The encoder writes into the first half of the pairs.
        DeviceView<float> codes = Encode(images, batch);
        DeviceView<float> pairs = _codePairs.First(2 * codesLength);
        DeviceView<float> quantized = pairs.Slice(codesLength, codesLength);
        Winners winners = Map.FindWinners(codes, batch);
        Map.Gather(winners.Bmu, quantized);
        DeviceView<float> decoded = Decode(pairs, 2 * batch);
        return new Reconstruction(
            codes, winners, quantized, decoded.First(imagesLength), decoded.Slice(imagesLength, imagesLength));
    }

    /// <summary>
    /// Adds to the gradients of the decoder and returns that of its input, (count, D). Overwrites <paramref name="dImages"/>.
    /// </summary>
    /// <param name="dImages">Gradient of the loss w.r.t. the images of the last <see cref="Decode"/>, (count, S·S).</param>
    /// <param name="count">Codes that were decoded.</param>
    public DeviceView<float> BackwardDecoder(DeviceView<float> dImages, int count) => _decoder.Backward(dImages, count);

    /// <summary>Adds to the gradients of the encoder and the attention. May overwrite <paramref name="dCodes"/>.</summary>
    /// <param name="dCodes">Gradient of the loss w.r.t. the codes of the last <see cref="Encode"/>, (batch, D).</param>
    /// <param name="batch">Images that were encoded.</param>
    public void BackwardEncoder(DeviceView<float> dCodes, int batch) => _encoder.Backward(dCodes, batch);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static (Sequence Encoder, PreNormAttention? Attention) BuildEncoder(
        LayerContext context, TrainingSettings settings, int side, DeviceView<float> output)
    {
        int latent = settings.Latent;
        Sequence convolutions = ConvNetworks.EncoderConvolutions(context, side);
        switch (settings.Attention)
        {
            case AttentionKind.Latent:
                Linear toLatent = ConvNetworks.EncoderLinear(context, side, latent);
                var overLatent = new LatentAttention(context, latent, output);
                return (new Sequence(convolutions, toLatent, overLatent), overLatent.Attend);
            case AttentionKind.Spatial:
                var overPositions = new SpatialAttention(context, ConvNetworks.Positions(side));
                Linear toOutput = ConvNetworks.EncoderLinear(context, side, latent, output);
                return (new Sequence(convolutions, overPositions, toOutput), overPositions.Attend);
            case AttentionKind.Pool:
                var pool = new PoolAttention(context, ConvNetworks.Positions(side), latent, output);
                return (new Sequence(convolutions, pool), pool.Attend);
            default:
                return (new Sequence(convolutions, ConvNetworks.EncoderLinear(context, side, latent, output)), null);
        }
    }

    private static void CheckSide(int side, int batchSize)
    {
        if (side < 4 || side % 4 != 0)
        {
            throw new ArgumentException($"Images have {side} x {side} pixels; the side must be a multiple of 4.");
        }

        long largest = ConvNetworks.LargestActivation(side) * 2 * batchSize;
        if (largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"--batch-size {batchSize} needs a buffer of {largest} elements at {side} x {side} pixels, more than {int.MaxValue}.");
        }
    }

    /// <summary>The probabilities of attention between positions grow with the fourth power of the side.</summary>
    private static void CheckTokens(int side, TrainingSettings settings)
    {
        int positions = ConvNetworks.Positions(side).Rows;
        int tokens = settings.Attention switch
        {
            AttentionKind.Spatial => positions,
            AttentionKind.Pool => PoolAttention.Queries + positions,
            _ => 0,
        };
        long probs = PreNormAttention.ProbsLength(settings.BatchSize, tokens);
        if (probs > int.MaxValue)
        {
            throw new ArgumentException(
                $"--attention {settings.Attention.ToString().ToLowerInvariant()} needs a buffer of {probs} elements at {side} x {side} "
                + $"pixels with --batch-size {settings.BatchSize}, more than {int.MaxValue}: give a smaller --batch-size, smaller images, "
                + "or --attention latent.");
        }
    }
}
