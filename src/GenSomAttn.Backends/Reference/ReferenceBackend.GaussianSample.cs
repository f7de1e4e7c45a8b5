namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void GaussianSampleForwardCore(
        DeviceView<T> mean, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> sample)
    {
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = mean[i] + (T.Exp(Half * logVariance[i]) * noise[i]);
        }
    }

    /// <inheritdoc/>
    protected override void GaussianSampleBackwardCore(
        DeviceView<T> dSample, DeviceView<T> logVariance, DeviceView<T> noise, DeviceView<T> dMean, DeviceView<T> dLogVariance)
    {
        for (int i = 0; i < dSample.Length; i++)
        {
            // forward: sample[i] = mean[i] + exp(½ logVariance[i]) · noise[i]
            dMean[i] += dSample[i];
            dLogVariance[i] += dSample[i] * noise[i] * Half * T.Exp(Half * logVariance[i]);
        }
    }
}
