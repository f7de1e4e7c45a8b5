using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>The Gaussian neighborhood of a unit.</summary>
internal static unsafe class Neighborhood
{
    /// <summary>Returns the number of distances along the longer side of the map.</summary>
    public static int Length(SomShape shape) => Math.Max(shape.MapHeight, shape.MapWidth);

    /// <summary>
    /// Fills a table of exp(-d² / 2σ²) for every distance d along one side of the map. The neighborhood is separable: that of two units
    /// is the product of two entries, for their rows and their columns: exp(-(r² + c²) / 2σ²) = exp(-r² / 2σ²) · exp(-c² / 2σ²).
    /// Subnormal values, below 1e-38, are set to 0, because processors are slow with them.
    /// </summary>
    public static void Fill(float* bell, SomShape shape, float sigma)
    {
        for (int distance = 0; distance < Length(shape); distance++)
        {
            float h = MathF.Exp(-(float)distance * distance / (2 * sigma * sigma));
            bell[distance] = float.IsNormal(h) ? h : 0;
        }
    }
}
