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
            (double Distance, int Other)[] neighbors = Ascending(betweenPlaces[n], n);
            intruders[n] = Intruders(neighbors, ranks, k);
            missing[n] = Missing(neighbors, ranks, k);
        });
        double worst = (double)count * k * ((2.0 * count) - (3.0 * k) - 1);
        return new NeighborPreservation(1 - (intruders.Sum() / worst), 1 - (missing.Sum() / worst));
    }

    private static (double Distance, int Other)[] Ascending(ReadOnlySpan<double> distances, int self)
    {
        var neighbors = new List<(double Distance, int Other)>(distances.Length - 1);
        for (int other = 0; other < distances.Length; other++)
        {
            if (other != self)
            {
                neighbors.Add((distances[other], other));
            }
        }

        neighbors.Sort();
        return [.. neighbors];
    }

    /// <summary>Computes the rank of each sample as a neighbor of the sample self, from 1; 0 for self.</summary>
    private static int[] Ranks(ReadOnlySpan<double> distances, int self)
    {
        int[] ranks = new int[distances.Length];
        int rank = 0;
        foreach ((_, int other) in Ascending(distances, self))
        {
            ranks[other] = ++rank;
        }

        return ranks;
    }

    /// <summary>Computes Σ (input rank - k) over the k nearest on the map: the best order's sum plus the worst order's.</summary>
    private static long Intruders((double Distance, int Other)[] neighbors, int[] ranks, int k)
    {
        long sum = 0;
        for (int start = 0, end; start < k; start = end)
        {
            end = EndOfEquals(neighbors, start);
            long[] costs = [.. neighbors[start..end].Select(neighbor => Math.Max(0L, ranks[neighbor.Other] - k)).Order()];
            int taken = Math.Min(k, end) - start;
            sum += costs[..taken].Sum() + costs[^taken..].Sum();
        }

        return sum;
    }

    /// <summary>Computes Σ (map rank - k) over the k nearest in the input: the best order's sum plus the worst order's.</summary>
    private static long Missing((double Distance, int Other)[] neighbors, int[] ranks, int k)
    {
        long sum = 0;
        for (int start = 0, end; start < neighbors.Length; start = end)
        {
            end = EndOfEquals(neighbors, start);
            int near = neighbors[start..end].Count(neighbor => ranks[neighbor.Other] <= k);
            for (int i = 0; i < near; i++)
            {
                sum += Math.Max(0, start + 1 + i - k) + Math.Max(0, end - i - k);
            }
        }

        return sum;
    }

    private static int EndOfEquals((double Distance, int Other)[] neighbors, int start)
    {
        int end = start + 1;
        while (end < neighbors.Length && neighbors[end].Distance == neighbors[start].Distance)
        {
            end++;
        }

        return end;
    }
}
