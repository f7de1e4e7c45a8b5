using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void SoftmaxForwardCore(DeviceView<T> input, RowsShape shape, DeviceView<T> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            Softmax(Row(input, row, shape.Length), Row(output, row, shape.Length));
        }
    }

    /// <inheritdoc/>
    protected override void SoftmaxBackwardCore(DeviceView<T> dOutput, DeviceView<T> output, RowsShape shape, DeviceView<T> dInput)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            SoftmaxGradient(Row(dOutput, row, shape.Length), Row(output, row, shape.Length), Row(dInput, row, shape.Length));
        }
    }

    /// <summary>output[i] = exp(input[i] - max) / Σ exp(input[j] - max), of one row.</summary>
    private static void Softmax(ReadOnlySpan<T> input, Span<T> output)
    {
        // Pass 1: the maximum, so that no power overflows
        T max = Max(input);

        // Pass 2: powers
        for (int i = 0; i < input.Length; i++)
        {
            output[i] = T.Exp(input[i] - max);
        }

        // Pass 3: their sum, and the quotients
        T sum = Sum(output);
        for (int i = 0; i < input.Length; i++)
        {
            output[i] /= sum;
        }
    }

    /// <summary>
    /// Gradient of <see cref="Softmax"/>. J[j,i] = ∂output[j]/∂input[i] = output[j] · ((i = j) - output[i]), contracted with dOutput:
    /// dInput[i] = Σ_j dOutput[j] · J[j,i] = output[i] · (dOutput[i] - Σ_j dOutput[j] · output[j]).
    /// </summary>
    private static void SoftmaxGradient(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> output, Span<T> dInput)
    {
        // Pass 1: Σ_j dOutput[j] · output[j]
        T dot = Dot(dOutput, output);

        // Pass 2
        for (int i = 0; i < output.Length; i++)
        {
            dInput[i] = output[i] * (dOutput[i] - dot);
        }
    }
}
