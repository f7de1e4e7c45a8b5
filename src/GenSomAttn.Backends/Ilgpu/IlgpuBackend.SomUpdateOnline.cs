using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void SomUpdateOnlineCore(
        DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        Launch(Groups(1), SomUpdateKernels.Online, On(input), shape, On(rates), On(codebook));
    }
}
