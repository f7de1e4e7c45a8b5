using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// A plain autoencoder with the convolutions of <see cref="SomAttnModel"/>: the baseline for reconstruction without map and attention.
/// </summary>
public sealed class AutoencoderModel : GenerativeModel
{
    private readonly Sequence _encoder;

    /// <inheritdoc cref="SomAttnModel(Backend{float}, TrainingSettings, ImageShape)"/>
    public AutoencoderModel(Backend<float> backend, TrainingSettings settings, ImageShape shape)
        : base(backend, settings, shape)
    {
        _encoder = new Sequence(
            Convolutions.Encoder(Context), Convolutions.Head(Context, "encoder.linear", CodeLength));
        PlanDecoder();
    }

    /// <summary>Encodes images, (N, S·S·C), as latent vectors, (N, D), which stay valid until the next call.</summary>
    public override DeviceView<float> Encode(DeviceView<float> images, int batch) => _encoder.Forward(images, batch);

    /// <summary>Runs the backward pass of the encoder: adds to its gradients. May overwrite <paramref name="dCodes"/>.</summary>
    /// <param name="dCodes">Gradient of the loss w.r.t. the codes of the last <see cref="Encode"/>, (batch, D).</param>
    /// <param name="batch">Images that were encoded.</param>
    public void BackwardEncoder(DeviceView<float> dCodes, int batch) => _encoder.Backward(dCodes, batch);

    /// <inheritdoc/>
    public override TrainingLoss CreateLoss(DeviceMemory memory) => new AutoencoderLoss(this, memory);
}
