using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IElementwiseOps.Add"/>
    public static void Add(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum)
    {
        for (int i = 0; i < left.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }
    }

    /// <inheritdoc cref="IElementwiseOps.BiasForward"/>
    public static void BiasForward(ReadOnlySpan<T> input, ReadOnlySpan<T> bias, RowsShape shape, Span<T> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            // output[row,:] = input[row,:] + bias[:]
            Add(Row(input, row, shape.Length), bias, Row(output, row, shape.Length));
        }
    }

    /// <inheritdoc cref="IElementwiseOps.BiasBackward"/>
    public static void BiasBackward(ReadOnlySpan<T> dOutput, RowsShape shape, Span<T> dBias)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            // forward: output[row,:] = input[row,:] + bias[:]
            AddScaled(T.One, Row(dOutput, row, shape.Length), dBias);
        }
    }

    /// <inheritdoc cref="IElementwiseOps.Fill"/>
    public static void Fill(T value, Span<T> output) => output.Fill(value);
}
