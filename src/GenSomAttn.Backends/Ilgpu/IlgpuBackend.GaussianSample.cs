using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void GaussianSampleForwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        Launch(OneThreadPerElement(sample.Length), ElementwiseKernels.GaussianSample, On(mean), On(logVariance), On(noise), On(sample));
    }

    /// <inheritdoc/>
    protected override void GaussianSampleBackwardCore(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        Launch(
            OneThreadPerElement(dSample.Length), ElementwiseKernels.GaussianSampleGradient, On(dSample), On(logVariance), On(noise),
            On(dMean), On(dLogVariance));
    }
}
