using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// A variational autoencoder with the convolutions of <see cref="SomAttnModel"/>: the encoder maps an image to a normal distribution of
/// codes, N(mean, exp(logVariance)); the prior of the codes is N(0, 1).
/// </summary>
/// <remarks>Source: Kingma and Welling, "Auto-Encoding Variational Bayes", ICLR 2014.</remarks>
public sealed class VaeModel : GenerativeModel
{
    private readonly Sequence _features;
    private readonly Linear _mean;
    private readonly Linear _logVariance;
    private readonly DeviceView<float> _dFeatures;

    /// <inheritdoc cref="SomAttnModel(Backend{float}, TrainingSettings, ImageShape)"/>
    public VaeModel(Backend<float> backend, TrainingSettings settings, ImageShape shape)
        : base(backend, settings, shape)
    {
        _features = Convolutions.Encoder(Context);
        _mean = Convolutions.Head(Context, "encoder.mean", CodeLength);
        _logVariance = Convolutions.Head(Context, "encoder.log_variance", CodeLength);
        _dFeatures = Memory.Take<float>(MaxBatch * Convolutions.Positions.TotalLength);
        PlanDecoder();
    }

    /// <summary>Encodes images, (N, S·S·C), as the means of their codes, (N, D), which stay valid until the next call.</summary>
    public override DeviceView<float> Encode(DeviceView<float> images, int batch) => EncodeDistribution(images, batch).Mean;

    /// <summary>Encodes images as distributions of codes, mean and log-variance, each (N, D); valid until the next call.</summary>
    public (DeviceView<float> Mean, DeviceView<float> LogVariance) EncodeDistribution(DeviceView<float> images, int batch)
    {
        DeviceView<float> features = _features.Forward(images, batch);
        return (_mean.Forward(features, batch), _logVariance.Forward(features, batch));
    }

    /// <inheritdoc/>
    public override ModelOutput Forward(DeviceView<float> images, int batch)
    {
        (DeviceView<float> mean, DeviceView<float> logVariance) = EncodeDistribution(images, batch);
        return new ModelOutput(mean) { LogVariance = logVariance, Images = Decode(mean, batch) };
    }

    /// <summary>Runs the backward pass of the encoder: adds to its gradients.</summary>
    /// <param name="dMean">Gradient of the loss w.r.t. the means of the last encoding, (batch, D).</param>
    /// <param name="dLogVariance">Gradient of the loss w.r.t. the log-variances, (batch, D).</param>
    /// <param name="batch">Images that were encoded.</param>
    public void BackwardEncoder(DeviceView<float> dMean, DeviceView<float> dLogVariance, int batch)
    {
        DeviceView<float> left = _mean.Backward(dMean, batch);
        DeviceView<float> dFeatures = _dFeatures.First(left.Length);
        Backend.Add(left, _logVariance.Backward(dLogVariance, batch), dFeatures);
        _features.Backward(dFeatures, batch);
    }

    /// <inheritdoc/>
    public override TrainingLoss CreateLoss(DeviceMemory memory) => new VaeLoss(this, memory);
}
