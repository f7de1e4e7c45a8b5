using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Linear layers: plain GEMMs.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void LinearForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        RowMajor left = new(On(input), shape.Rows, shape.InFeatures, IsAligned(input));
        ColumnMajor right = new(On(weight), shape.OutFeatures, shape.InFeatures, IsAligned(weight));
        Product(left, right, bias, output, adds: false);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        RowMajor left = new(On(dOutput), shape.Rows, shape.OutFeatures, IsAligned(dOutput));
        RowMajor right = new(On(weight), shape.InFeatures, shape.OutFeatures, IsAligned(weight));
        Product(left, right, default, dInput, adds: false);
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        ColumnMajor left = new(On(input), shape.InFeatures, shape.Rows, IsAligned(input));
        ColumnMajor right = new(On(dOutput), shape.OutFeatures, shape.Rows, IsAligned(dOutput));
        Product(left, right, default, dWeight, adds: true);
    }
}
