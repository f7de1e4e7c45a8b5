using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void SoftmaxForwardCore(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        Launch(GroupForRow(shape), SoftmaxKernels.Forward, On(input), shape.Length, On(output));
    }

    /// <inheritdoc/>
    protected override void SoftmaxBackwardCore(
        DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        Launch(GroupForRow(shape), SoftmaxKernels.Backward, On(dOutput), On(output), shape.Length, On(dInput));
    }

    private KernelConfig GroupForRow(RowsShape shape) => new(shape.Rows, Math.Min(PowerOfTwoFrom(shape.Length), GroupSize));
}
