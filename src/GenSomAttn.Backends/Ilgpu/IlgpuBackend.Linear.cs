using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Linear layers: plain GEMMs.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        OpChecks.LinearForward(input, weight, bias, shape, output);
        RowMajor left = new(On(input), shape.Rows, shape.InFeatures, IsAligned(input));
        ColumnMajor right = new(On(weight), shape.OutFeatures, shape.InFeatures, IsAligned(weight));
        Product(left, right, bias, output, adds: false);
    }

    /// <inheritdoc/>
    public void LinearBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        OpChecks.LinearBackwardInput(dOutput, weight, shape, dInput);
        RowMajor left = new(On(dOutput), shape.Rows, shape.OutFeatures, IsAligned(dOutput));
        RowMajor right = new(On(weight), shape.InFeatures, shape.OutFeatures, IsAligned(weight));
        Product(left, right, default, dInput, adds: false);
    }

    /// <inheritdoc/>
    public void LinearBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        OpChecks.LinearBackwardWeight(dOutput, input, shape, dWeight);
        ColumnMajor left = new(On(input), shape.InFeatures, shape.Rows, IsAligned(input));
        ColumnMajor right = new(On(dOutput), shape.OutFeatures, shape.Rows, IsAligned(dOutput));
        Product(left, right, default, dWeight, adds: true);
    }
}
