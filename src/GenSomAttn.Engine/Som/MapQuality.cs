using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Som;

/// <summary>Quality measures of a map on a set of samples, from their best matching units (BMUs).</summary>
public static class MapQuality
{
    /// <summary>Counts the hits of each unit: the samples whose BMU it is.</summary>
    public static int[] Hits(ReadOnlySpan<int> bmu, int units)
    {
        int[] hits = new int[units];
        foreach (int unit in bmu)
        {
            hits[unit]++;
        }

        return hits;
    }

    /// <summary>Computes the quantization error: the mean Euclidean distance (not squared) of the samples to their BMUs.</summary>
    /// <param name="squaredDistances">(N, 2), squared distances to the best and the second-best matching unit.</param>
    public static double QuantizationError(ReadOnlySpan<float> squaredDistances)
    {
        double sum = 0;
        for (int i = 0; i < squaredDistances.Length; i += 2)
        {
            sum += Math.Sqrt(squaredDistances[i]);
        }

        return sum / (squaredDistances.Length / 2);
    }

    /// <summary>
    /// Computes the topographic error: the share of samples whose two best matching units are not neighbors on the grid; null on a map
    /// of one unit.
    /// </summary>
    /// <param name="bmu">(N), the best matching units.</param>
    /// <param name="second">(N), the second-best; -1 on a map of one unit.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="diagonal">Whether diagonal units of a rectangle are neighbors too: 8 neighbors (TE8) instead of 4 (TE4).</param>
    public static double? TopographicError(ReadOnlySpan<int> bmu, ReadOnlySpan<int> second, MapGrid grid, bool diagonal)
    {
        int errors = 0;
        for (int n = 0; n < bmu.Length; n++)
        {
            if (second[n] < 0)
            {
                return null;
            }

            errors += grid.AreNeighbors(bmu[n], second[n], diagonal) ? 0 : 1;
        }

        return (double)errors / bmu.Length;
    }

    /// <summary>
    /// Computes the mean Euclidean distance of the codebook vectors of neighboring units, 4 neighbors on a rectangle; null on a map of one
    /// unit.
    /// </summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="grid">Positions of the units.</param>
    public static double? MeanNeighborDistance(ReadOnlySpan<float> codebook, MapGrid grid)
    {
        int dimension = codebook.Length / grid.Units;
        double sum = 0;
        int pairs = 0;
        for (int unit = 0; unit < grid.Units; unit++)
        {
            foreach (int other in grid.Neighbors(unit, diagonal: false).Where(other => other > unit))
            {
                double squared = 0;
                for (int d = 0; d < dimension; d++)
                {
                    double difference = (double)codebook[(unit * dimension) + d] - codebook[(other * dimension) + d];
                    squared += difference * difference;
                }

                sum += Math.Sqrt(squared);
                pairs++;
            }
        }

        return pairs == 0 ? null : sum / pairs;
    }

    /// <summary>Counts the units with at least one hit.</summary>
    public static int UnitsUsed(ReadOnlySpan<int> hits) => hits.Length - hits.Count(0);

    /// <summary>Computes the perplexity, exp of the entropy of the hits: the effective number of units used.</summary>
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
