using GenSomAttn.Kernels.Factors;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Linear layers: matrix products as they stand.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        OpChecks.LinearForward(input, weight, bias, shape, output);
        RowMajor left = new(On(input), shape.Rows, shape.InFeatures);
        ColumnMajor right = new(On(weight), shape.OutFeatures, shape.InFeatures);
        Product(left, right, On(bias), On(output), adds: false);
    }

    /// <inheritdoc/>
    public void LinearBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        OpChecks.LinearBackwardInput(dOutput, weight, shape, dInput);
        RowMajor left = new(On(dOutput), shape.Rows, shape.OutFeatures);
        RowMajor right = new(On(weight), shape.InFeatures, shape.OutFeatures);
        Product(left, right, ArrayView<float>.Empty, On(dInput), adds: false);
    }

    /// <inheritdoc/>
    public void LinearBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        OpChecks.LinearBackwardWeight(dOutput, input, shape, dWeight);
        ColumnMajor left = new(On(input), shape.InFeatures, shape.Rows);
        ColumnMajor right = new(On(dOutput), shape.OutFeatures, shape.Rows);
        Product(left, right, ArrayView<float>.Empty, On(dWeight), adds: true);
    }
}
