using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>Tables of the neighborhood function.</summary>
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
            bell[distance] = NormalOrZero(MathF.Exp(-(float)distance * distance / (2 * sigma * sigma)));
        }
    }

    /// <summary>Returns the length of a table that <see cref="FillSquares"/> fills.</summary>
    public static int SquaresLength(SomShape shape) => shape.Grid.SquaresEnd;

    /// <summary>
    /// Fills a table of h for every squared distance on the grid in half cells (<see cref="MapGrid.SquaredHalfCells"/>), of any
    /// neighborhood. 4·(H² + W²) exponentials a call, in place of one for each pair of unit and sample.
    /// </summary>
    public static void FillSquares(float* table, SomShape shape, float sigma)
    {
        for (int square = 0; square < SquaresLength(shape); square++)
        {
            float squared = square / 4f;
            float ratio = squared / (sigma * sigma);
            table[square] = NormalOrZero(shape.Neighborhood switch
            {
                NeighborhoodKind.Bubble => squared <= sigma * sigma ? 1 : 0,
                NeighborhoodKind.Epanechnikov => MathF.Max(0, 1 - ratio),
                NeighborhoodKind.MexicanHat => (1 - ratio) * MathF.Exp(-ratio / 2),
                _ => MathF.Exp(-ratio / 2),
            });
        }
    }

    private static float NormalOrZero(float h) => float.IsNormal(h) ? h : 0;
}
