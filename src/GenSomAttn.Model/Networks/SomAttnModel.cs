using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Gen-SOM-Attn: an autoencoder with attention before its latent vector v, a self-organizing map of these vectors with codebook vectors w,
/// and one decoder for both: D(v) and D(w). S side of the images, D latent dimensions, U units.
/// </summary>
public sealed class SomAttnModel : GenerativeModel
{
    private readonly Sequence _encoder;
    private readonly DeviceView<float> _codePairs;
    private readonly PreNormAttention? _attention;

    /// <summary>
    /// Builds a model; all its tensors are zero until <see cref="ImageModel.Initialize"/> or <see cref="ImageModel.Import"/>.
    /// </summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">Sizes; also the largest batch.</param>
    /// <param name="side">S, pixels; a multiple of 4.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the side is no multiple of 4, or a buffer would be too long.
    /// </exception>
    public SomAttnModel(Backend<float> backend, TrainingSettings settings, int side)
        : base(backend, settings, side)
    {
        CheckTokens(side, Settings);
        _codePairs = Memory.Take<float>(2 * MaxBatch * CodeLength);
        (_encoder, _attention) = BuildEncoder(Context, Settings, side, _codePairs.First(MaxBatch * CodeLength));
        PlanDecoder();
        Map = new SelfOrganizingMap(
            backend, Memory, new SomShape(MaxBatch, Settings.MapHeight, Settings.MapWidth, CodeLength));
    }

    /// <summary>Largest batch of the decoder: the codes of a batch and the codebook vectors of their BMUs.</summary>
    public override int MaxDecode => 2 * MaxBatch;

    /// <summary>The map.</summary>
    public override SelfOrganizingMap Map { get; }

    /// <inheritdoc/>
    public override AttentionProbs? AttentionProbs => _attention?.Probs;

    /// <summary>Encodes images, (N, S·S), as latent vectors, (N, D), which stay valid until the next call.</summary>
    public override DeviceView<float> Encode(DeviceView<float> images, int batch) => _encoder.Forward(images, batch);

    /// <summary>Encodes images, finds the BMUs, and decodes both the codes and the BMUs' codebook vectors in one batch of 2N.</summary>
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

    /// <inheritdoc/>
    public override ModelOutput Forward(DeviceView<float> images, int batch)
    {
        Reconstruction made = Reconstruct(images, batch);
        return new ModelOutput(made.Codes)
        {
            Winners = made.Winners,
            Images = made.Images,
            QuantizedImages = made.QuantizedImages,
        };
    }

    /// <summary>
    /// Runs the backward pass of encoder and attention: adds to their gradients. May overwrite <paramref name="dCodes"/>.
    /// </summary>
    /// <param name="dCodes">Gradient of the loss w.r.t. the codes of the last <see cref="Encode"/>, (batch, D).</param>
    /// <param name="batch">Images that were encoded.</param>
    public void BackwardEncoder(DeviceView<float> dCodes, int batch) => _encoder.Backward(dCodes, batch);

    /// <inheritdoc/>
    public override TrainingLoss CreateLoss(DeviceMemory memory) => new SomAttnLoss(this, memory);

    private static (Sequence Encoder, PreNormAttention? Attention) BuildEncoder(
        LayerContext context, TrainingSettings settings, int side, DeviceView<float> output)
    {
        int latent = settings.Latent;
        Sequence convolutions = ConvNetworks.EncoderConvolutions(context, side);
        switch (settings.Attention)
        {
            case AttentionKind.Latent:
                Linear toLatent = ConvNetworks.Head(context, "encoder.linear", side, latent);
                var overLatent = new LatentAttention(context, latent, output);
                return (new Sequence(convolutions, toLatent, overLatent), overLatent.Attend);
            case AttentionKind.Spatial:
                var overPositions = new SpatialAttention(context, ConvNetworks.Positions(side));
                Linear toOutput = ConvNetworks.Head(context, "encoder.linear", side, latent, output);
                return (new Sequence(convolutions, overPositions, toOutput), overPositions.Attend);
            case AttentionKind.Pool:
                var pool = new PoolAttention(context, ConvNetworks.Positions(side), latent, output);
                return (new Sequence(convolutions, pool), pool.Attend);
            default:
                return (new Sequence(convolutions, ConvNetworks.Head(context, "encoder.linear", side, latent, output)), null);
        }
    }

    /// <summary>Checks the length of the attention probabilities, which grows with the fourth power of the side.</summary>
    private static void CheckTokens(int side, TrainingSettings settings)
    {
        int positions = ConvNetworks.Positions(side).Rows;
        int tokens = settings.Attention switch
        {
            AttentionKind.Spatial => positions,
            AttentionKind.Pool => TrainingSettings.PoolQueries + positions,
            _ => 0,
        };
        long probs = PreNormAttention.ProbsLength(settings.BatchSize, tokens);
        if (probs > int.MaxValue)
        {
            (SettingName attention, SettingName batch) = (new(nameof(settings.Attention)), new(nameof(settings.BatchSize)));
            FormattableString need = $"{attention} {settings.Attention.ToString().ToLowerInvariant()} needs a buffer of {probs} elements";
            FormattableString size = $"{side} x {side} pixels with {batch} {settings.BatchSize}, more than {int.MaxValue}";
            throw new SettingException($"{need} at {size}: give a smaller {batch}, smaller images, or {attention} latent.");
        }
    }
}
