using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Clustering;

/// <summary>
/// Hierarchical clustering by Ward's method: the two clusters whose union increases the sum of squared distances to the means least are
/// merged, until one is left.
/// </summary>
/// <remarks>
/// Sources: J. H. Ward, "Hierarchical grouping to optimize an objective function", 1963; the nearest-neighbor chain by F. Murtagh, "A
/// survey of recent advances in hierarchical clustering algorithms", 1983, which finds the same merges in another order, in time N² D and
/// without a matrix of distances.
/// </remarks>
public sealed class WardTree
{
    private readonly int _count;
    private readonly (int First, int Second, double Distance)[] _merges;

    private WardTree(int count, IEnumerable<(int First, int Second, double Distance)> merges)
    {
        _count = count;
        _merges = [.. merges.OrderBy(merge => merge.Distance)];
    }

    /// <summary>
    /// Ward's distance of the clusters of each merge, (N - 1), ascending: √(2 |A| |B| / (|A| + |B|)) times the distance of their means,
    /// which for two vectors is their Euclidean distance.
    /// </summary>
    public IReadOnlyList<double> Distances => [.. _merges.Select(merge => merge.Distance)];

    /// <summary>Clusters vectors.</summary>
    /// <param name="vectors">(N, D).</param>
    public static WardTree Of(Rows<float> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return new WardTree(vectors.Count, new Chain(vectors.Widened()).Merges());
    }

    /// <summary>Returns the cluster of each vector, (N), after all merges but the last.</summary>
    /// <param name="clusters">Number of clusters, from 1 to N. They are numbered from 0 in the order of their first vectors.</param>
    public int[] Cut(int clusters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clusters, _count);
        int[] parents = [.. Enumerable.Range(0, _count)];
        foreach ((int first, int second, _) in _merges.AsSpan(0, _count - clusters))
        {
            parents[RootOf(second)] = RootOf(first);
        }

        Dictionary<int, int> numbers = [];
        int[] numbered = new int[_count];
        for (int n = 0; n < _count; n++)
        {
            int root = RootOf(n);
            numbers.TryAdd(root, numbers.Count);
            numbered[n] = numbers[root];
        }

        return numbered;

        int RootOf(int n)
        {
            while (parents[n] != n)
            {
                parents[n] = parents[parents[n]];
                n = parents[n];
            }

            return n;
        }
    }

    /// <summary>
    /// Nearest-neighbor chain: each cluster is followed by its nearest one, until two are the nearest of each other; these are merged.
    /// </summary>
    /// <param name="means">(N, D), at first the vectors. A cluster is at the place of one of its vectors.</param>
    private sealed class Chain(Rows<double> means)
    {
        private readonly int _dimension = means.Dimension;
        private readonly double[] _means = means.Values.ToArray();
        private readonly List<int> _clusters = [.. Enumerable.Range(0, means.Count)];
        private readonly int[] _sizes = [.. Enumerable.Repeat(1, means.Count)];

        public IEnumerable<(int First, int Second, double Distance)> Merges()
        {
            Stack<int> chain = [];
            while (_clusters.Count > 1)
            {
                int last = chain.Count > 0 ? chain.Pop() : _clusters[0];
                int before = chain.Count > 0 ? chain.Peek() : -1;
                (int nearest, double distance) = NearestTo(last, before);
                if (nearest != before)
                {
                    chain.Push(last);
                    chain.Push(nearest);
                    continue;
                }

                chain.Pop();
                Merge(before, last);
                yield return (before, last, Math.Sqrt(distance));
            }
        }

        /// <summary>Finds the nearest cluster; on a tie the one before in the chain, without which the chain might not end.</summary>
        private (int Cluster, double SquaredDistance) NearestTo(int cluster, int before)
        {
            (int nearest, double least) = before < 0 ? (-1, double.PositiveInfinity) : (before, SquaredDistance(cluster, before));
            foreach (int other in _clusters)
            {
                double squared = other == cluster ? double.PositiveInfinity : SquaredDistance(cluster, other);
                (nearest, least) = squared < least ? (other, squared) : (nearest, least);
            }

            return (nearest, least);
        }

        private double SquaredDistance(int a, int b)
        {
            double squared = NearestRows.SquaredDistance(Mean(a), Mean(b));
            return 2.0 * _sizes[a] * _sizes[b] / (_sizes[a] + _sizes[b]) * squared;
        }

        private void Merge(int into, int other)
        {
            double size = _sizes[into] + _sizes[other];
            Span<double> mean = Mean(into);
            ReadOnlySpan<double> added = Mean(other);
            for (int d = 0; d < mean.Length; d++)
            {
                mean[d] = ((mean[d] * _sizes[into]) + (added[d] * _sizes[other])) / size;
            }

            _sizes[into] += _sizes[other];
            _clusters.Remove(other);
        }

        private Span<double> Mean(int cluster) => _means.AsSpan(cluster * _dimension, _dimension);
    }
}
