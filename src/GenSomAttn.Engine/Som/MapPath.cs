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
        (double, double) Place(int unit) => (unit / mapWidth, unit % mapWidth);
        return Through(codebook, mapWidth, dimension, [Place(from), Place(to)], steps);
    }

    /// <summary>
    /// Computes codebook vectors along straight lines on the grid from point to point, evenly spaced over the number of lines: (steps, D).
    /// </summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="dimension">D.</param>
    /// <param name="points">Rows and columns of the points on the map; at least 2, of which the first and the last are included.</param>
    /// <param name="steps">Number of vectors; at least 2.</param>
    public static float[] Through(
        ReadOnlySpan<float> codebook, int mapWidth, int dimension, IReadOnlyList<(double Row, double Column)> points, int steps)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(points.Count, 2, nameof(points));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        float[] path = new float[steps * dimension];
        for (int step = 0; step < steps; step++)
        {
            double at = (double)step * (points.Count - 1) / (steps - 1);
            int line = Math.Min((int)at, points.Count - 2);
            double t = at - line;
            ((double Row, double Column) from, (double Row, double Column) to) = (points[line], points[line + 1]);
            double row = from.Row + (t * (to.Row - from.Row));
            double column = from.Column + (t * (to.Column - from.Column));
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
