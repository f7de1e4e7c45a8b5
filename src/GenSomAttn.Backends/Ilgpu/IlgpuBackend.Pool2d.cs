using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void Pool2dForwardCore(DeviceView<float> input, Pool2dShape shape, Pooling pooling, DeviceView<float> output)
    {
        PoolWindows windows = new(shape);
        if (pooling == Pooling.Max)
        {
            Launch(OneThreadPerElement(output.Length), Pool2dKernels.Max, On(input), windows, On(output));
        }
        else
        {
            Launch(OneThreadPerElement(output.Length), Pool2dKernels.Average, On(input), windows, On(output));
        }
    }
}
