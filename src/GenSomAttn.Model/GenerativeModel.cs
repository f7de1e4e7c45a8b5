using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model;

/// <summary>A model whose vectors can be turned back into images. The decoder is the same in all of them.</summary>
public abstract class GenerativeModel : ImageModel
{
    private Sequence _decoder = null!;

    /// <inheritdoc cref="ImageModel(IBackend, TrainingSettings, int)"/>
    protected GenerativeModel(IBackend backend, TrainingSettings settings, int side)
        : base(backend, settings, side)
    {
    }

    /// <inheritdoc/>
    public override int CodeLength => Settings.Latent;

    /// <summary>Codes that can be decoded at once.</summary>
    public virtual int MaxDecode => MaxBatch;

    /// <summary>Images of latent vectors: (N, D) to (N, S·S) in (0, 1). They stay valid until the next call.</summary>
    public DeviceView<float> Decode(DeviceView<float> codes, int count) => _decoder.Forward(codes, count);

    /// <summary>
    /// Adds to the gradients of the decoder and returns that of its input, (count, D). Overwrites <paramref name="dImages"/>.
    /// </summary>
    /// <param name="dImages">Gradient of the loss w.r.t. the images of the last <see cref="Decode"/>, (count, S·S).</param>
    /// <param name="count">Codes that were decoded.</param>
    public DeviceView<float> BackwardDecoder(DeviceView<float> dImages, int count) => _decoder.Backward(dImages, count);

    /// <summary>Plans the decoder, after the encoder: the order of parameters is that of the checkpoints and of the random numbers.</summary>
    protected void PlanDecoder()
    {
        _decoder = ConvNetworks.Decoder(Context with { MaxBatch = MaxDecode }, Side, Settings.Latent);
        Parameters.Allocate(Memory);
    }
}
