using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void AddCore(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        Launch(OneThreadPerElement(sum.Length), ElementwiseKernels.Add, On(left), On(right), On(sum));
    }
}
