using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void CopyIntoColumnsCore(DeviceView<float> part, ColumnsShape shape, DeviceView<float> whole)
    {
        Launch(
            OneThreadPerElement(part.Length), GatherKernels.IntoColumns, On(part), new Divisor(shape.Columns), shape.First, shape.Width,
            On(whole));
    }
}
