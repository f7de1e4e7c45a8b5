using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Sums, biases, fills and samples of Gaussians.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        OpChecks.Add(left, right, sum);
        Launch(OneThreadPerElement(sum.Length), ElementwiseKernels.Add, On(left), On(right), On(sum));
    }

    /// <inheritdoc/>
    public void Fill(float value, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), ElementwiseKernels.Fill, value, On(output));

    /// <inheritdoc/>
    public void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.BiasForward(input, bias, shape, output);
        Launch(OneThreadPerElement(output.Length), BiasKernels.Forward, On(input), On(bias), new Divisor(shape.Length), On(output));
    }

    /// <inheritdoc/>
    public void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        OpChecks.BiasBackward(dOutput, shape, dBias);
        AddColumnSums(new ElementTerm(On(dOutput), shape.Length), shape, dBias);
    }

    /// <inheritdoc/>
    public void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        OpChecks.GaussianSampleForward(mean, logVariance, noise, sample);
        Launch(OneThreadPerElement(sample.Length), ElementwiseKernels.GaussianSample, On(mean), On(logVariance), On(noise), On(sample));
    }

    /// <inheritdoc/>
    public void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianSampleBackward(dSample, logVariance, noise, dMean, dLogVariance);
        Launch(
            OneThreadPerElement(dSample.Length), ElementwiseKernels.GaussianSampleGradient, On(dSample), On(logVariance), On(noise),
            On(dMean), On(dLogVariance));
    }
}
