namespace GenSomAttn.Engine.Som;

/// <summary>Interpolated paths over a map.</summary>
public static class MapPath
{
    /// <summary>
    /// Computes codebook vectors along the straight line on the grid from one unit to another, both included, evenly spaced: (steps, D).
    /// Between units, the four units around a point are interpolated bilinearly.
    /// </summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="dimension">D.</param>
    /// <param name="from">First unit.</param>
    /// <param name="to">Last unit.</param>
    /// <param name="steps">Number of vectors; at least 2.</param>
    public static float[] Between(ReadOnlySpan<float> codebook, int mapWidth, int dimension, int from, int to, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        float[] path = new float[steps * dimension];
        for (int step = 0; step < steps; step++)
        {
            double t = (double)step / (steps - 1);
            double row = (from / mapWidth) + (t * ((to / mapWidth) - (from / mapWidth)));
            double column = (from % mapWidth) + (t * ((to % mapWidth) - (from % mapWidth)));
            AddCorners(codebook, mapWidth, row, column, path.AsSpan(step * dimension, dimension));
        }

        return path;
    }

    private static void AddCorners(ReadOnlySpan<float> codebook, int mapWidth, double row, double column, Span<float> output)
    {
        int top = (int)row;
        int left = (int)column;
        ReadOnlySpan<(int Row, int Column)> corners = [(top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)];
        foreach ((int cornerRow, int cornerColumn) in corners)
        {
            double share = (1 - Math.Abs(row - cornerRow)) * (1 - Math.Abs(column - cornerColumn));
            if (share == 0)
            {
                continue; // also a corner beyond the edge of the map, whose weight is 0 for a point on the last row or column
            }

            ReadOnlySpan<float> vector = codebook.Slice(((cornerRow * mapWidth) + cornerColumn) * output.Length, output.Length);
            for (int d = 0; d < output.Length; d++)
            {
                output[d] += (float)(share * vector[d]);
            }
        }
    }
}
