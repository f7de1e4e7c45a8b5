namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Silhouette widths of clusterings that are merges of one another: of each vector (b - a) / max(a, b), a the mean distance to the other
/// vectors of its cluster and b the smallest mean distance to those of another cluster. 1 for separate clusters, 0 between two, and for a
/// cluster of one vector.
/// </summary>
/// <remarks>
/// Source: P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.
/// </remarks>
public sealed class SilhouetteWidths
{
    private readonly int[] _finest;
    private readonly int _parts;

    /// <summary>(N, parts), the sum of the distances of a vector to those of a part.</summary>
    private readonly double[] _sums;

    /// <summary>Computes the distances, all that takes time.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <param name="finest">(N), clusters numbered from 0, of which the others are merges.</param>
    public SilhouetteWidths(Rows<float> vectors, int[] finest)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(finest);
        ArgumentOutOfRangeException.ThrowIfNotEqual(finest.Length, vectors.Count, nameof(finest));
        _finest = finest;
        _parts = finest.Max() + 1;
        _sums = new double[finest.Length * _parts];
        Parallel.For(0, finest.Length, n =>
        {
            for (int other = 0; other < finest.Length; other++)
            {
                _sums[(n * _parts) + finest[other]] += Math.Sqrt(NearestRows.SquaredDistance(vectors[n], vectors[other]));
            }
        });
    }

    /// <summary>Returns the width of each vector, (N).</summary>
    /// <param name="clusters">(N), clusters numbered from 0: the finest, or merges of them. At least two.</param>
    public double[] Of(int[] clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        int count = clusters.Max() + 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2, nameof(clusters));
        int[] clusterOfPart = new int[_parts];
        int[] sizes = new int[count];
        for (int n = 0; n < clusters.Length; n++)
        {
            clusterOfPart[_finest[n]] = clusters[n];
            sizes[clusters[n]]++;
        }

        return [.. clusters.Select((own, n) => Width(n, own, clusterOfPart, sizes))];
    }

    private double Width(int n, int own, int[] clusterOfPart, int[] sizes)
    {
        if (sizes[own] == 1)
        {
            return 0;
        }

        double[] sums = new double[sizes.Length];
        for (int part = 0; part < _parts; part++)
        {
            sums[clusterOfPart[part]] += _sums[(n * _parts) + part];
        }

        double within = sums[own] / (sizes[own] - 1);
        double beyond = double.PositiveInfinity;
        for (int cluster = 0; cluster < sizes.Length; cluster++)
        {
            beyond = cluster == own ? beyond : Math.Min(beyond, sums[cluster] / sizes[cluster]);
        }

        double larger = Math.Max(within, beyond);
        return larger > 0 ? (beyond - within) / larger : 0;
    }
}
