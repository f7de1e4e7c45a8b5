using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="ILinearOps.LinearForward"/>
    public static void LinearForward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, LinearShape shape, Span<T> output)
    {
        output.Clear();
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> inputRow = Row(input, row, shape.InFeatures);
            Span<T> outputRow = Row(output, row, shape.OutFeatures);
            bias.CopyTo(outputRow);
            for (int i = 0; i < shape.InFeatures; i++)
            {
                // output[row,:] += input[row,i] · weight[i,:]
                AddScaled(inputRow[i], Row(weight, i, shape.OutFeatures), outputRow);
            }
        }
    }

    /// <inheritdoc cref="ILinearOps.LinearBackwardInput"/>
    public static void LinearBackwardInput(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> weight, LinearShape shape, Span<T> dInput)
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

    /// <inheritdoc cref="ILinearOps.LinearBackwardWeight"/>
    public static void LinearBackwardWeight(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> input, LinearShape shape, Span<T> dWeight)
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
