using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void RandomNormalCore(RandomKey key, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), RandomKernels.Normal, key, On(output));
}
