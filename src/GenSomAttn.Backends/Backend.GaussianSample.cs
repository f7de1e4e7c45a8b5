namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Samples of Gaussians as a function of their parameters, so that gradients reach these: sample = mean + exp(½ logVariance) · noise.
    /// Overwrites <paramref name="sample"/>. All have the same length.
    /// </summary>
    /// <param name="mean">Means.</param>
    /// <param name="logVariance">Logarithms of the variances.</param>
    /// <param name="noise">Standard normal numbers (<see cref="RandomNormal"/>).</param>
    /// <param name="sample">One number from each Gaussian.</param>
    /// <remarks>Source: Kingma and Welling 2014, section 2.4, the reparameterization trick.</remarks>
    public void GaussianSampleForward(DeviceView<T> mean, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> sample)
    {
        using OperationCall call = Elementwise(sample)
            .Reads(mean, sample.Length).Reads(logVariance, sample.Length).Reads(noise, sample.Length)
            .Writes(sample, sample.Length).Begin();
        GaussianSampleForwardCore(mean, logVariance, noise, sample);
    }

    /// <summary>
    /// Gradients of <see cref="GaussianSampleForward"/>. Adds to both, because mean and logVariance also get a gradient from
    /// <see cref="GaussianKlBackward"/>, which overwrites them and therefore goes first: no buffer is needed in between.
    /// </summary>
    /// <param name="dSample">Gradient of the loss w.r.t. the sample.</param>
    /// <param name="logVariance">The input of forward.</param>
    /// <param name="noise">The input of forward.</param>
    /// <param name="dMean">Added to.</param>
    /// <param name="dLogVariance">Added to.</param>
    /// <remarks>dMean += dSample; dLogVariance += dSample · noise · ½ exp(½ logVariance).</remarks>
    public void GaussianSampleBackward(
        DeviceView<T> dSample, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> dMean, DeviceView<T> dLogVariance)
    {
        using OperationCall call = Elementwise(dSample)
            .Reads(dSample, dSample.Length).Reads(logVariance, dSample.Length).Reads(noise, dSample.Length)
            .AddsTo(dMean, dSample.Length).AddsTo(dLogVariance, dSample.Length).Begin();
        GaussianSampleBackwardCore(dSample, logVariance, noise, dMean, dLogVariance);
    }

    /// <summary>Computes <see cref="GaussianSampleForward"/>.</summary>
    protected abstract void GaussianSampleForwardCore(
        DeviceView<T> mean, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> sample);

    /// <summary>Computes <see cref="GaussianSampleBackward"/>.</summary>
    protected abstract void GaussianSampleBackwardCore(
        DeviceView<T> dSample, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> dMean, DeviceView<T> dLogVariance);
}
