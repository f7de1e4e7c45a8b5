using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void GatherRowsCore(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        Launch(OneThreadPerElement(output.Length), GatherKernels.Rows, On(rows), On(indices), new Divisor(shape.Length), On(output));
    }
}
