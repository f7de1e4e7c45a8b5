using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Gathering of rows and random numbers, a thread for each element.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        OpChecks.GatherImages(images, indices, pixels, output);
        Launch(OneThreadPerElement(output.Length), GatherKernels.Images, On(images), On(indices), new Divisor(pixels), On(output));
    }

    /// <inheritdoc/>
    public void GatherRows(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.GatherRows(rows, indices, shape, output);
        Launch(OneThreadPerElement(output.Length), GatherKernels.Rows, On(rows), On(indices), new Divisor(shape.Length), On(output));
    }

    /// <inheritdoc/>
    public void RandomUniform(RandomKey key, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), RandomKernels.Uniform, key, On(output));

    /// <inheritdoc/>
    public void RandomNormal(RandomKey key, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), RandomKernels.Normal, key, On(output));
}
