using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Vectors;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>The search for the nearest units by their distances, without a GEMM.</summary>
internal static unsafe class DirectSearch<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>
    /// Finds the two units nearest to a sample by direct distances; of equal distances the lowest unit wins, NaN never wins. Where fewer
    /// than two distances are finite, the lowest other units are returned; on a map of one unit, the second is -1.
    /// </summary>
    public static (int Nearest, int Second) NearestTwo(float* sample, float* codebook, SomShape shape)
    {
        int nearest = -1, second = -1;
        float smallest = float.PositiveInfinity, secondSmallest = float.PositiveInfinity;
        for (int u = 0; u < shape.Units; u++)
        {
            float distance = ShortRows<TVector>.SquaredDistance(sample, codebook + ((long)u * shape.Dimension), shape.Dimension);
            if (distance < smallest)
            {
                (second, secondSmallest) = (nearest, smallest);
                (nearest, smallest) = (u, distance);
            }
            else if (distance < secondSmallest)
            {
                (second, secondSmallest) = (u, distance);
            }
        }

        nearest = Math.Max(nearest, 0);
        if (second < 0 && shape.Units > 1)
        {
            second = nearest == 0 ? 1 : 0;
        }

        return (nearest, second);
    }
}
