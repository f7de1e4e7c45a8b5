using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// The loss of <see cref="VaeModel"/>: MSE(x, D(z)) + β · 2σ²/P · KL, with z = mean + exp(½ logVariance) · ε, ε ~ N(0, 1), KL the
/// Kullback-Leibler divergence of the code's distribution from N(0, 1), σ² the decoder variance, and P the pixels of an image.
/// </summary>
/// <remarks>
/// It is the negative evidence lower bound (ELBO) for pixels N(D(z), σ²), Σ (x - D(z))² / 2σ² + β KL plus a constant, times 2σ²/P.
/// Adam is invariant to this factor, and it makes the errors of all models comparable. Source: Kingma and Welling 2014, equation 10;
/// β: Higgins et al. 2017.
/// </remarks>
public sealed class VaeLoss : TrainingLoss
{
    private readonly VaeModel _model;
    private readonly Backend<float> _backend;
    private readonly float _divergenceWeight;
    private readonly DeviceView<float> _parts;
    private readonly DeviceView<float> _noise;
    private readonly DeviceView<float> _codes;
    private readonly DeviceView<float> _dImages;
    private readonly DeviceView<float> _dMean;
    private readonly DeviceView<float> _dLogVariance;
    private DeviceView<float> _mean;
    private DeviceView<float> _logVariance;
    private DeviceView<float> _made;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    public VaeLoss(VaeModel model, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memory);
        _model = model;
        _backend = model.Backend;
        _divergenceWeight = (float)(model.Settings.Beta * 2 * model.Settings.DecoderVariance / model.Shape.Length);
        _parts = memory.Take<float>(2);
        int length = model.MaxBatch * model.Settings.Latent;
        _noise = memory.Take<float>(length);
        _codes = memory.Take<float>(length);
        _dMean = memory.Take<float>(length);
        _dLogVariance = memory.Take<float>(length);
        _dImages = memory.Take<float>(model.MaxBatch * model.Shape.Length);
    }

    /// <inheritdoc/>
    public override int Parts => _parts.Length;

    /// <summary>MSE of D(z), and the Kullback-Leibler divergence.</summary>
    public override DeviceView<float> OnDevice => _parts;

    /// <summary>Draws the noise of the step.</summary>
    public override void Begin(in TrainingBatch batch)
    {
        // The stream index has 32 bits: the noise repeats after 2³² steps.
        RandomKey key = new(_model.Settings.Seed, RandomPurpose.VaeNoise, (uint)batch.Stream);
        _backend.RandomNormal(key, _noise.First(batch.Count * _model.Settings.Latent));
    }

    /// <inheritdoc/>
    public override void Forward(in TrainingBatch batch)
    {
        (_mean, _logVariance) = _model.EncodeDistribution(batch.Images, batch.Count);
        DeviceView<float> codes = _codes.First(_mean.Length);
        _backend.GaussianSampleForward(_mean, _logVariance, _noise.First(_mean.Length), codes);
        _made = _model.Decode(codes, batch.Count);
        _backend.MseForward(_made, batch.Images, _parts.Slice(0, 1));
        _backend.GaussianKlForward(_mean, _logVariance, Rows(batch), _parts.Slice(1, 1));
    }

    /// <inheritdoc/>
    public override void Backward(in TrainingBatch batch)
    {
        DeviceView<float> dImages = _dImages.First(_made.Length);
        DeviceView<float> dMean = _dMean.First(_mean.Length);
        DeviceView<float> dLogVariance = _dLogVariance.First(_mean.Length);
        _backend.MseBackward(_made, batch.Images, batch.Share, dImages);
        DeviceView<float> dCodes = _model.BackwardDecoder(dImages, batch.Count);
        _backend.GaussianKlBackward(_mean, _logVariance, Rows(batch), _divergenceWeight * batch.Share, dMean, dLogVariance);
        _backend.GaussianSampleBackward(dCodes, _logVariance, _noise.First(_mean.Length), dMean, dLogVariance);
        _model.BackwardEncoder(dMean, dLogVariance, batch.Count);
    }

    /// <inheritdoc/>
    public override Losses Combine(ReadOnlySpan<float> parts) => new(parts[0] + (_divergenceWeight * parts[1]), parts[0]);

    private RowsShape Rows(in TrainingBatch batch) => new(batch.Count, _model.Settings.Latent);
}
