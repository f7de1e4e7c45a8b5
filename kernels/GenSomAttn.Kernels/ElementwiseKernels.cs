using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of sums and fills. One thread computes one element.</summary>
public static class ElementwiseKernels
{
    /// <summary>sum[i] = left[i] + right[i].</summary>
    public static void Add(ArrayView<float> left, ArrayView<float> right, ArrayView<float> sum)
    {
        int i = Grid.GlobalIndex.X;
        if (i < sum.IntLength)
        {
            sum[i] = left[i] + right[i];
        }
    }

    /// <summary>output[i] = value.</summary>
    public static void Fill(float value, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = value;
        }
    }
}
