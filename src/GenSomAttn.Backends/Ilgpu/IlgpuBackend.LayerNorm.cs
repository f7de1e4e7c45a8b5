using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void LayerNormForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        Launch(
            GroupForRow(shape), LayerNormKernels.Forward, On(input), On(weight), On(bias), shape.Length, epsilon,
            On(output), On(savedMean), On(savedInvStd));
    }

    /// <inheritdoc/>
    protected override void LayerNormBackwardCore(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        Launch(
            GroupForRow(shape), LayerNormKernels.BackwardInput, On(dOutput), On(input), On(weight), On(savedMean), On(savedInvStd),
            shape.Length, On(dInput));
        NormalizedTerm normalized = new(On(dOutput), On(input), On(savedMean), On(savedInvStd), shape.Length);
        AddColumnSums(normalized, shape, dWeight);
        AddColumnSums(new ElementTerm(On(dOutput), shape.Length), shape, dBias);
    }
}
