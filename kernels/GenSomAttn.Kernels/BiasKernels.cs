using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>The kernel of a bias; its gradient is a column sum (<see cref="ColumnSumKernels"/>). One thread computes one element.</summary>
public static class BiasKernels
{
    /// <summary>Computes output[row, j] = input[row, j] + bias[j].</summary>
    public static void Forward(ArrayView<float> input, ArrayView<float> bias, Divisor length, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = input[i] + bias[i - (length.Quotient(i) * length.Value)];
        }
    }
}
