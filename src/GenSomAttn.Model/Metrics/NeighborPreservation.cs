using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Metrics;

/// <summary>Trustworthiness and continuity of a map; both from 0 to 1, the best.</summary>
/// <param name="Trustworthiness">Penalizes samples among the k nearest on the map but not in the input, by their input rank.</param>
/// <param name="Continuity">Penalizes samples among the k nearest in the input but not on the map, by their map rank.</param>
/// <remarks>
/// 1 - 2 / (N k (2N - 3k - 1)) Σ (rank - k). Samples on one unit, or on units at equal distances, are tied on the map: a score is the
/// mean of the scores of the best and the worst order. Input ties are broken by the lower index. Source: Venna and Kaski,
/// "Neighborhood preservation in nonlinear projection methods", 2001.
/// </remarks>
public sealed record NeighborPreservation(double Trustworthiness, double Continuity)
{
    /// <summary>
    /// Compares samples with the positions of their BMUs, with 16 N² bytes and O(N² log N) time: 2,000 samples are plenty.
    /// </summary>
    /// <param name="samples">(N, D).</param>
    /// <param name="bmu">(N), the BMUs.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="k">Number of neighbors; less than half the samples.</param>
    /// <exception cref="ArgumentException">The numbers of samples differ, or k is too large.</exception>
    public static NeighborPreservation OfMap(Rows<double> samples, ReadOnlySpan<int> bmu, MapGrid grid, int k)
    {
        double[] distances = new double[bmu.Length * (long)bmu.Length];
        for (int n = 0; n < bmu.Length; n++)
        {
            for (int other = 0; other < bmu.Length; other++)
            {
                distances[((long)n * bmu.Length) + other] = grid.SquaredHalfCells(bmu[n], bmu[other]);
            }
        }

        return Compare(samples, new Rows<double>(distances, bmu.Length), k);
    }

    /// <summary>Compares samples with a projection of them, as <see cref="OfMap"/>.</summary>
    /// <param name="samples">(N, D).</param>
    /// <param name="places">(N, any dimension), the projections.</param>
    /// <param name="k">Number of neighbors; less than half the samples.</param>
    /// <exception cref="ArgumentException">The numbers of samples differ, or k is too large.</exception>
    public static NeighborPreservation Of(Rows<double> samples, Rows<double> places, int k)
    {
        ArgumentNullException.ThrowIfNull(places);
        return Compare(samples, RowProducts.SquaredDistances(places, places), k);
    }

    /// <param name="samples">(N, D).</param>
    /// <param name="betweenPlaces">(N, N), squared distances of the samples on the map.</param>
    /// <param name="k">Number of neighbors.</param>
    private static NeighborPreservation Compare(Rows<double> samples, Rows<double> betweenPlaces, int k)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        int count = samples.Count;
        if (betweenPlaces.Count != count)
        {
            throw new ArgumentException($"{count} samples and {betweenPlaces.Count} places; they must be as many.", nameof(samples));
        }

        if (2 * (long)k >= count)
        {
            throw new ArgumentException($"k = {k} is not less than half of {count}: give a smaller k or more samples.", nameof(k));
        }

        Rows<double> betweenSamples = RowProducts.SquaredDistances(samples, samples);
        long[] intruders = new long[count];
        long[] missing = new long[count];
        Parallel.For(0, count, n =>
        {
            int[] ranks = Ranks(betweenSamples[n], n);
            (double[] Distances, int[] Others) neighbors = Ascending(betweenPlaces[n], n);
            intruders[n] = Intruders(neighbors, ranks, k);
            missing[n] = Missing(neighbors, ranks, k);
        });
        double worst = (double)count * k * ((2.0 * count) - (3.0 * k) - 1);
        return new NeighborPreservation(1 - (intruders.Sum() / worst), 1 - (missing.Sum() / worst));
    }

    /// <summary>Sorts the other samples by their distance from the sample self; equally distant ones are in no order.</summary>
    private static (double[] Distances, int[] Others) Ascending(ReadOnlySpan<double> distances, int self)
    {
        double[] ascending = [.. distances[..self], .. distances[(self + 1)..]];
        int[] others = [.. Enumerable.Range(0, self), .. Enumerable.Range(self + 1, distances.Length - self - 1)];
        Array.Sort(ascending, others);
        return (ascending, others);
    }

    /// <summary>Computes the rank of each sample as a neighbor of the sample self, from 1; 0 for self.</summary>
    private static int[] Ranks(ReadOnlySpan<double> distances, int self)
    {
        int[] ranks = new int[distances.Length];
        (double[] ascending, int[] others) = Ascending(distances, self);
        for (int start = 0, end; start < others.Length; start = end)
        {
            end = EndOfEquals(ascending, start);
            Array.Sort(others, start, end - start);
            for (int at = start; at < end; at++)
            {
                ranks[others[at]] = at + 1;
            }
        }

        return ranks;
    }

    /// <summary>Computes Σ (input rank - k) over the k nearest on the map: the best order's sum plus the worst order's.</summary>
    private static long Intruders((double[] Distances, int[] Others) neighbors, int[] ranks, int k)
    {
        long sum = 0;
        for (int start = 0, end; start < k; start = end)
        {
            end = EndOfEquals(neighbors.Distances, start);
            long[] costs = [.. neighbors.Others[start..end].Select(other => Math.Max(0L, ranks[other] - k)).Order()];
            int taken = Math.Min(k, end) - start;
            sum += costs[..taken].Sum() + costs[^taken..].Sum();
        }

        return sum;
    }

    /// <summary>Computes Σ (map rank - k) over the k nearest in the input: the best order's sum plus the worst order's.</summary>
    private static long Missing((double[] Distances, int[] Others) neighbors, int[] ranks, int k)
    {
        long sum = 0;
        for (int start = 0, end; start < neighbors.Others.Length; start = end)
        {
            end = EndOfEquals(neighbors.Distances, start);
            int near = neighbors.Others[start..end].Count(other => ranks[other] <= k);
            for (int i = 0; i < near; i++)
            {
                sum += Math.Max(0, start + 1 + i - k) + Math.Max(0, end - i - k);
            }
        }

        return sum;
    }

    private static int EndOfEquals(double[] ascending, int start)
    {
        int end = start + 1;
        while (end < ascending.Length && ascending[end] == ascending[start])
        {
            end++;
        }

        return end;
    }
}
