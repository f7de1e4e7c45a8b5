using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Gen-SOM-Attn: an autoencoder with attention before its latent vector v, a self-organizing map of these vectors with codebook vectors w,
/// and one decoder for both: D(v) and D(w). S side and C channels of the images, D latent dimensions, U units.
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
    /// <param name="shape">Shape of the images; the side is a multiple of 4.</param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, the side is no multiple of 4, or a buffer would be too long.
    /// </exception>
    public SomAttnModel(Backend<float> backend, TrainingSettings settings, ImageShape shape)
        : base(backend, settings, shape)
    {
        CheckTokens();
        _codePairs = Memory.Take<float>(2 * MaxBatch * CodeLength);
        (_encoder, _attention) = BuildEncoder(_codePairs.First(MaxBatch * CodeLength));
        PlanDecoder();
        Map = new SelfOrganizingMap(backend, Memory, Settings.ToSomShape(MaxBatch, CodeLength));
    }

    /// <summary>Largest batch of the decoder: the codes of a batch and the codebook vectors of their BMUs.</summary>
    public override int MaxDecode => 2 * MaxBatch;

    /// <summary>Rows and columns of the feature map that attention over positions sees.</summary>
    public int InnerSide => Convolutions.InnerSide;

    /// <summary>Sizes of encoder and decoder.</summary>
    internal ConvNetworks Networks => Convolutions;

    /// <summary>The map.</summary>
    public override SelfOrganizingMap Map { get; }

    /// <inheritdoc/>
    public override AttentionProbs? AttentionProbs => _attention?.Probs;

    /// <summary>Encodes images, (N, S·S·C), as latent vectors, (N, D), which stay valid until the next call.</summary>
    public override DeviceView<float> Encode(DeviceView<float> images, int batch) => _encoder.Forward(images, batch);

    /// <summary>Encodes images, finds the BMUs, and decodes both the codes and the BMUs' codebook vectors in one batch of 2N.</summary>
    public Reconstruction Reconstruct(DeviceView<float> images, int batch)
    {
        int codesLength = batch * Settings.Latent;
        int imagesLength = batch * Shape.Length;

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

    private (Sequence Encoder, PreNormAttention? Attention) BuildEncoder(DeviceView<float> output)
    {
        int latent = Settings.Latent;
        Sequence convolutions = Convolutions.Encoder(Context);
        switch (Settings.Attention)
        {
            case AttentionKind.Latent:
                Linear toLatent = Convolutions.Head(Context, "encoder.linear", latent);
                var overLatent = new LatentAttention(Context, latent, output);
                return (new Sequence(convolutions, toLatent, overLatent), overLatent.Attend);
            case AttentionKind.Spatial:
                var overPositions = new SpatialAttention(Context, Convolutions.Positions);
                Linear toOutput = Convolutions.Head(Context, "encoder.linear", latent, output);
                return (new Sequence(convolutions, overPositions, toOutput), overPositions.Attend);
            case AttentionKind.Pool:
                var pool = new PoolAttention(Context, Convolutions.Positions, latent, output);
                return (new Sequence(convolutions, pool), pool.Attend);
            default:
                return (new Sequence(convolutions, Convolutions.Head(Context, "encoder.linear", latent, output)), null);
        }
    }

    /// <summary>Checks the length of the attention probabilities, which grows with the fourth power of the side.</summary>
    private void CheckTokens()
    {
        int positions = Convolutions.Positions.Rows;
        int tokens = Settings.Attention switch
        {
            AttentionKind.Spatial => positions,
            AttentionKind.Pool => TrainingSettings.PoolQueries + positions,
            _ => 0,
        };
        long probs = PreNormAttention.ProbsLength(MaxBatch, tokens);
        if (probs > int.MaxValue)
        {
            (SettingName attention, SettingName batch) = (new(nameof(TrainingSettings.Attention)), new(nameof(TrainingSettings.BatchSize)));
            FormattableString need = $"{attention} {Settings.Attention.ToString().ToLowerInvariant()} needs a buffer of {probs} elements";
            FormattableString size = $"{Side} x {Side} pixels with {batch} {Settings.BatchSize}, more than {int.MaxValue}";
            throw new SettingException($"{need} at {size}: give a smaller {batch}, smaller images, or {attention} latent.");
        }
    }
}
