using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>A model with a decoder from codes to images. All generative models have the same decoder.</summary>
public abstract class GenerativeModel : ImageModel
{
    private Sequence _decoder = null!;

    /// <inheritdoc cref="ImageModel(Backend{float}, TrainingSettings, ImageShape)"/>
    protected GenerativeModel(Backend<float> backend, TrainingSettings settings, ImageShape shape)
        : base(backend, settings, shape)
    {
    }

    /// <inheritdoc/>
    public override int CodeLength => Settings.Latent;

    /// <summary>Largest batch of the decoder.</summary>
    public virtual int MaxDecode => MaxBatch;

    /// <summary>Decodes latent vectors, (N, D), to images, (N, S·S·C), in (0, 1); they stay valid until the next call.</summary>
    public DeviceView<float> Decode(DeviceView<float> codes, int count) => _decoder.Forward(codes, count);

    /// <inheritdoc/>
    public override ModelOutput Forward(DeviceView<float> images, int batch)
    {
        DeviceView<float> codes = Encode(images, batch);
        return new ModelOutput(codes) { Images = Decode(codes, batch) };
    }

    /// <summary>
    /// Runs the backward pass of the decoder: adds to its gradients and returns the gradient w.r.t. its input, (count, D). Overwrites
    /// <paramref name="dImages"/>.
    /// </summary>
    /// <param name="dImages">Gradient of the loss w.r.t. the images of the last <see cref="Decode"/>, (count, S·S·C).</param>
    /// <param name="count">Codes that were decoded.</param>
    public DeviceView<float> BackwardDecoder(DeviceView<float> dImages, int count) => _decoder.Backward(dImages, count);

    /// <summary>
    /// Builds the decoder and allocates all parameters. A derived constructor calls it after the encoder, because the order of declaration
    /// is that of the checkpoints and selects the random streams.
    /// </summary>
    protected void PlanDecoder()
    {
        _decoder = Convolutions.Decoder(Context with { MaxBatch = MaxDecode }, Settings.Latent);
        Parameters.Allocate(Memory);
    }
}
