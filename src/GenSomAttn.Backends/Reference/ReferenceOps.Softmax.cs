using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="INormOps.SoftmaxForward"/>
    public static void SoftmaxForward(ReadOnlySpan<T> input, RowsShape shape, Span<T> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> inputRow = Row(input, row, shape.Length);
            Span<T> outputRow = Row(output, row, shape.Length);
            T max = Max(inputRow);
            for (int i = 0; i < shape.Length; i++)
            {
                outputRow[i] = T.Exp(inputRow[i] - max);
            }

            T sum = Sum(outputRow);
            for (int i = 0; i < shape.Length; i++)
            {
                // output[i] = exp(input[i] - max) / Σ exp(input[j] - max)
                outputRow[i] /= sum;
            }
        }
    }

    /// <inheritdoc cref="INormOps.SoftmaxBackward"/>
    public static void SoftmaxBackward(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> output, RowsShape shape, Span<T> dInput)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> dOutputRow = Row(dOutput, row, shape.Length);
            ReadOnlySpan<T> outputRow = Row(output, row, shape.Length);
            Span<T> dInputRow = Row(dInput, row, shape.Length);
            T dot = Dot(dOutputRow, outputRow);
            for (int i = 0; i < shape.Length; i++)
            {
                // forward: output[i] = exp(input[i] - max) / Σ exp(input[j] - max), hence
                // ∂output[j]/∂input[i] = output[j] · ((i = j) - output[i])
                dInputRow[i] = outputRow[i] * (dOutputRow[i] - dot);
            }
        }
    }
}
