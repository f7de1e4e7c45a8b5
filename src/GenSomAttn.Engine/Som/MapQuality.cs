namespace GenSomAttn.Engine.Som;

/// <summary>How well a map represents its samples, from the units that they fall on.</summary>
public static class MapQuality
{
    /// <summary>Samples that each unit wins.</summary>
    public static int[] Hits(ReadOnlySpan<int> bmu, int units)
    {
        int[] hits = new int[units];
        foreach (int unit in bmu)
        {
            hits[unit]++;
        }

        return hits;
    }

    /// <summary>Mean Euclidean distance (not squared) of the samples to their winners.</summary>
    /// <param name="squaredDistances">(N, 2), squared distances to the winner and to the second.</param>
    public static double QuantizationError(ReadOnlySpan<float> squaredDistances)
    {
        double sum = 0;
        for (int i = 0; i < squaredDistances.Length; i += 2)
        {
            sum += Math.Sqrt(squaredDistances[i]);
        }

        return sum / (squaredDistances.Length / 2);
    }

    /// <summary>Share of samples whose two best units do not touch on the grid; null on a map of one unit.</summary>
    /// <param name="bmu">(N), the nearest units.</param>
    /// <param name="second">(N), the second nearest; -1 on a map of one unit.</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="diagonal">Whether units touch at corners too: 8 neighbors (TE8) in place of 4 (TE4).</param>
    public static double? TopographicError(ReadOnlySpan<int> bmu, ReadOnlySpan<int> second, int mapWidth, bool diagonal)
    {
        int errors = 0;
        for (int n = 0; n < bmu.Length; n++)
        {
            if (second[n] < 0)
            {
                return null;
            }

            int rows = Math.Abs((bmu[n] / mapWidth) - (second[n] / mapWidth));
            int columns = Math.Abs((bmu[n] % mapWidth) - (second[n] % mapWidth));
            int distance = diagonal ? Math.Max(rows, columns) : rows + columns;
            errors += distance > 1 ? 1 : 0;
        }

        return (double)errors / bmu.Length;
    }

    /// <summary>Units that win at least one sample.</summary>
    public static int UnitsUsed(ReadOnlySpan<int> hits) => hits.Length - hits.Count(0);

    /// <summary>exp of the entropy of the hits: the number of units that are in effect used.</summary>
    public static double Perplexity(ReadOnlySpan<int> hits)
    {
        long total = 0;
        foreach (int count in hits)
        {
            total += count;
        }

        double entropy = 0;
        foreach (int count in hits)
        {
            entropy -= Information.PLogP(count, total);
        }

        return Math.Exp(entropy);
    }
}
