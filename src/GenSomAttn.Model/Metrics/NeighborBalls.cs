namespace GenSomAttn.Model.Metrics;

/// <summary>
/// A set of samples with a ball around each whose radius is the distance to its k-th nearest neighbor in the set: the manifold estimate
/// of <see cref="Prdc"/>.
/// </summary>
public sealed class NeighborBalls
{
    private readonly double[] _squaredRadii;

    private NeighborBalls(Rows<double> centers, double[] squaredRadii, int neighbor) =>
        (Centers, _squaredRadii, Neighbor) = (centers, squaredRadii, neighbor);

    /// <summary>The samples, (N, D).</summary>
    public Rows<double> Centers { get; }

    /// <summary>k.</summary>
    public int Neighbor { get; }

    /// <summary>N.</summary>
    public int Count => Centers.Count;

    /// <summary>Finds the k-th nearest neighbors; the cost is N² D / 2 multiply-adds.</summary>
    /// <param name="rows">(N, D), more than k.</param>
    /// <param name="k">Rank of the neighbor that defines the radius, without the sample itself.</param>
    /// <exception cref="ArgumentException">There is no k-th neighbor.</exception>
    public static NeighborBalls Of(Rows<double> rows, int k)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (rows.Count <= k)
        {
            throw new ArgumentException($"Of {rows.Count} samples none has a neighbor number {k}: give at least {k + 1}, or a smaller k.");
        }

        double[] nearest = new double[rows.Count * k]; // (N, k), ascending
        double[] farthest = new double[rows.Count]; // of these
        Array.Fill(nearest, double.PositiveInfinity);
        Array.Fill(farthest, double.PositiveInfinity);
        Lock inserting = new(); // a pair concerns two rows, and other threads the same ones; few distances are inserted
        RowProducts.VisitSquaredDistancesOfPairs(rows, (row, firstColumn, distances) =>
        {
            ReadOnlySpan<double> ofOthers = farthest.AsSpan(firstColumn, distances.Length);
            for (int i = -1; (i = Bounds.NextBelow(distances, i + 1, farthest[row], ofOthers)) < distances.Length;)
            {
                lock (inserting)
                {
                    Insert(row, distances[i]);
                    Insert(firstColumn + i, distances[i]);
                }
            }
        });
        return new NeighborBalls(rows, farthest, k);

        void Insert(int sample, double distance)
        {
            Span<double> smallest = nearest.AsSpan(sample * k, k);
            if (distance < smallest[^1])
            {
                NeighborBalls.Insert(smallest, distance);
                farthest[sample] = smallest[^1];
            }
        }
    }

    /// <summary>(N), the squared radius of each sample's ball.</summary>
    public ReadOnlySpan<double> SquaredRadii => _squaredRadii;

    /// <summary>Inserts a value into an ascending array; the largest drops out.</summary>
    private static void Insert(Span<double> ascending, double value)
    {
        int place = ascending.Length - 1;
        while (place > 0 && ascending[place - 1] > value)
        {
            ascending[place] = ascending[place - 1];
            place--;
        }

        ascending[place] = value;
    }
}
