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

    /// <summary>Finds the k-th nearest neighbors; the cost is N² D multiply-adds.</summary>
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
        Array.Fill(nearest, double.PositiveInfinity);
        RowProducts.VisitSquaredDistances(rows, rows, (row, firstColumn, distances) =>
        {
            Span<double> smallest = nearest.AsSpan(row * k, k);
            for (int i = 0; i < distances.Length; i++)
            {
                if (distances[i] < smallest[^1] && firstColumn + i != row)
                {
                    Insert(smallest, distances[i]);
                }
            }
        });
        return new NeighborBalls(rows, [.. Enumerable.Range(1, rows.Count).Select(n => nearest[(n * k) - 1])], k);
    }

    /// <summary>Returns the squared radius of a sample's ball.</summary>
    public double SquaredRadius(int sample) => _squaredRadii[sample];

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
