using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>The squared Euclidean distance of two vectors.</summary>
internal static class SquaredDistance
{
    /// <summary>Computes Σ (left[i] - right[i])², from the first element to the last.</summary>
    public static float Of(ArrayView<float> left, int leftStart, ArrayView<float> right, int rightStart, int length)
    {
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            float difference = left[leftStart + i] - right[rightStart + i];
            sum = DeviceMath.Fma(difference, difference, sum);
        }

        return sum;
    }
}
