using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>Nearest neighbor of each of N vectors among a set of candidates.</summary>
/// <param name="Index">(N), the nearest candidate; on a tie the lowest.</param>
/// <param name="SquaredDistances">(N), squared Euclidean distances to it, recomputed as Σ (x - y)² in double.</param>
public sealed record NearestRows(IReadOnlyList<int> Index, IReadOnlyList<double> SquaredDistances)
{
    /// <summary>Finds the nearest candidates by exhaustive search.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <param name="candidates">(M, D).</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static NearestRows Of(Rows<float> vectors, Rows<float> candidates)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(candidates);
        int[] index = new int[vectors.Count];
        float[] smallest = new float[vectors.Count];
        Array.Fill(smallest, float.PositiveInfinity);
        RowProducts.VisitSquaredDistances(vectors, candidates, (n, firstColumn, distances) =>
        {
            for (int i = 0; i < distances.Length; i++)
            {
                if (distances[i] < smallest[n])
                {
                    (smallest[n], index[n]) = (distances[i], firstColumn + i);
                }
            }
        });
        double[] squaredDistances = new double[vectors.Count];
        Parallel.For(0, vectors.Count, n => squaredDistances[n] = SquaredDistance(vectors[n], candidates[index[n]]));
        return new NearestRows(index, squaredDistances);
    }

    /// <summary>Computes Σ (x - y)².</summary>
    internal static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector<double> sums = default;
        int d = 0;
        for (; d <= x.Length - Vector<float>.Count; d += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(x[d..]), out Vector<double> x0, out Vector<double> x1);
            Vector.Widen(new Vector<float>(y[d..]), out Vector<double> y0, out Vector<double> y1);
            sums += ((x0 - y0) * (x0 - y0)) + ((x1 - y1) * (x1 - y1));
        }

        double sum = Vector.Sum(sums);
        for (; d < x.Length; d++)
        {
            double difference = (double)x[d] - y[d];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Computes Σ (x - y)².</summary>
    internal static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector<double> sums = default;
        int d = 0;
        for (; d <= x.Length - Vector<double>.Count; d += Vector<double>.Count)
        {
            Vector<double> difference = new Vector<double>(x[d..]) - new Vector<double>(y[d..]);
            sums += difference * difference;
        }

        double sum = Vector.Sum(sums);
        for (; d < x.Length; d++)
        {
            sum += (x[d] - y[d]) * (x[d] - y[d]);
        }

        return sum;
    }
}
