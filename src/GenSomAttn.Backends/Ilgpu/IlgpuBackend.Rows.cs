using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Normalizations of rows: one group per row, with as many threads as a row can use.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        OpChecks.LayerNormForward(input, weight, bias, shape, epsilon, output, savedMean, savedInvStd);
        Launch(
            GroupForRow(shape), LayerNormKernels.Forward, On(input), On(weight), On(bias), shape.Length, epsilon,
            On(output), On(savedMean), On(savedInvStd));
    }

    /// <inheritdoc/>
    public void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        OpChecks.LayerNormBackward(dOutput, input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);
        Launch(
            GroupForRow(shape), LayerNormKernels.BackwardInput, On(dOutput), On(input), On(weight), On(savedMean), On(savedInvStd),
            shape.Length, On(dInput));
        NormalizedTerm normalized = new(On(dOutput), On(input), On(savedMean), On(savedInvStd), shape.Length);
        AddColumnSums(normalized, shape, dWeight);
        AddColumnSums(new ElementTerm(On(dOutput), shape.Length), shape, dBias);
    }

    /// <inheritdoc/>
    public void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.SoftmaxForward(input, shape, output);
        Launch(GroupForRow(shape), SoftmaxKernels.Forward, On(input), shape.Length, On(output));
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        OpChecks.SoftmaxBackward(dOutput, output, shape, dInput);
        Launch(GroupForRow(shape), SoftmaxKernels.Backward, On(dOutput), On(output), shape.Length, On(dInput));
    }

    private KernelConfig GroupForRow(RowsShape shape) => new(shape.Rows, Math.Min(PowerOfTwoFrom(shape.Length), GroupSize));
}
