using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void GatherImagesCore(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        Launch(OneThreadPerElement(output.Length), GatherKernels.Images, On(images), On(indices), new Divisor(pixels), On(output));
    }
}
