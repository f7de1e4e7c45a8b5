using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void BiasForwardCore(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        Launch(OneThreadPerElement(output.Length), BiasKernels.Forward, On(input), On(bias), new Divisor(shape.Length), On(output));
    }

    /// <inheritdoc/>
    protected override void BiasBackwardCore(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        AddColumnSums(new ElementTerm(On(dOutput), shape.Length), shape, dBias);
    }
}
