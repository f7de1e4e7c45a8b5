using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void FillCore(float value, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), ElementwiseKernels.Fill, value, On(output));
}
