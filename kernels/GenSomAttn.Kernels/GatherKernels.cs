using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels that copy rows by index, and columns. One thread copies one element.</summary>
public static class GatherKernels
{
    /// <summary>Computes output[n, p] = images[indices[n], p] / 255.</summary>
    public static void Images(ArrayView<byte> images, ArrayView<int> indices, Divisor pixels, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            int n = pixels.Quotient(i);
            output[i] = images[(indices[n] * pixels.Value) + i - (n * pixels.Value)] / 255f;
        }
    }

    /// <summary>Computes output[n, j] = rows[indices[n], j].</summary>
    public static void Rows(ArrayView<float> rows, ArrayView<int> indices, Divisor length, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            int n = length.Quotient(i);
            output[i] = rows[(indices[n] * length.Value) + i - (n * length.Value)];
        }
    }

    /// <summary>Computes whole[r, first + j] = part[r, j].</summary>
    public static void IntoColumns(ArrayView<float> part, Divisor columns, int first, int width, ArrayView<float> whole)
    {
        int i = Grid.GlobalIndex.X;
        if (i < part.IntLength)
        {
            int row = columns.Quotient(i);
            whole[(row * width) + first + i - (row * columns.Value)] = part[i];
        }
    }
}
