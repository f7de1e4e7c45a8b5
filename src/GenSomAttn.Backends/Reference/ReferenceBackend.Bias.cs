using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void BiasForwardCore(DeviceView<T> input, DeviceView<T> bias, RowsShape shape, DeviceView<T> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> inputRow = Row(input, row, shape.Length);
            Span<T> outputRow = Row(output, row, shape.Length);
            for (int i = 0; i < shape.Length; i++)
            {
                outputRow[i] = inputRow[i] + bias[i];
            }
        }
    }

    /// <inheritdoc/>
    protected override void BiasBackwardCore(DeviceView<T> dOutput, RowsShape shape, DeviceView<T> dBias)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            // forward: output[row,:] = input[row,:] + bias[:]
            AddScaled(T.One, Row(dOutput, row, shape.Length), dBias.Span());
        }
    }
}
