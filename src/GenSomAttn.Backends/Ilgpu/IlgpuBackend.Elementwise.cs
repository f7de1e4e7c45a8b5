using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

// Sums, biases and fills.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        OpChecks.Add(left, right, sum);
        Launch(ThreadFor(sum.Length), ElementwiseKernels.Add, On(left), On(right), On(sum));
    }

    /// <inheritdoc/>
    public void Fill(float value, DeviceView<float> output)
    {
        Launch(ThreadFor(output.Length), ElementwiseKernels.Fill, value, On(output));
    }
}
