using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void LinearForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, LinearShape shape, DeviceView<T> output)
    {
        output.Span().Clear();
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> inputRow = Row(input, row, shape.InFeatures);
            Span<T> outputRow = Row(output, row, shape.OutFeatures);
            bias.Span().CopyTo(outputRow);
            for (int i = 0; i < shape.InFeatures; i++)
            {
                // output[row,:] += input[row,i] · weight[i,:]
                AddScaled(inputRow[i], Row(weight, i, shape.OutFeatures), outputRow);
            }
        }
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(DeviceView<T> dOutput, DeviceView<T> weight, LinearShape shape, DeviceView<T> dInput)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> dOutputRow = Row(dOutput, row, shape.OutFeatures);
            Span<T> dInputRow = Row(dInput, row, shape.InFeatures);
            for (int i = 0; i < shape.InFeatures; i++)
            {
                // forward: output[row,:] += input[row,i] · weight[i,:]
                dInputRow[i] = Dot(dOutputRow, Row(weight, i, shape.OutFeatures));
            }
        }
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightCore(DeviceView<T> dOutput, DeviceView<T> input, LinearShape shape, DeviceView<T> dWeight)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> dOutputRow = Row(dOutput, row, shape.OutFeatures);
            ReadOnlySpan<T> inputRow = Row(input, row, shape.InFeatures);
            for (int i = 0; i < shape.InFeatures; i++)
            {
                // forward: output[row,:] += input[row,i] · weight[i,:]
                AddScaled(inputRow[i], dOutputRow, Row(dWeight, i, shape.OutFeatures));
            }
        }
    }
}
