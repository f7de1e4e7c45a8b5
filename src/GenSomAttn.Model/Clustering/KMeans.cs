using GenSomAttn.Kernels;
using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Clustering;

/// <summary>
/// K-means clustering: K centers, each the mean of the vectors nearest to it. It is the baseline for a map of K units, because it
/// minimizes the quantization error alone, without a neighborhood.
/// </summary>
/// <remarks>
/// Sources: Lloyd 1957; initial centers by Arthur and Vassilvitskii, "k-means++", 2007. A center without vectors stays where it is.
/// </remarks>
public sealed class KMeans
{
    private const double MinGain = 1e-4;

    private KMeans(Rows<float> centers, int steps, double squaredError)
    {
        Centers = centers;
        Steps = steps;
        SquaredError = squaredError;
    }

    /// <summary>(K, D); fewer than requested if there are fewer distinct vectors.</summary>
    public Rows<float> Centers { get; }

    /// <summary>Number of Lloyd iterations.</summary>
    public int Steps { get; }

    /// <summary>Mean squared distance of the vectors to the nearest center before the last step; divided by D it is the MSE.</summary>
    public double SquaredError { get; }

    /// <summary>Fits the centers, until a step lowers the error by less than 1 part in 10,000.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <param name="count">K; if there are fewer distinct vectors, these are the centers.</param>
    /// <param name="seed">Seed of the initial centers.</param>
    /// <param name="maxSteps">Maximum number of steps.</param>
    /// <param name="stop">Cancels the computation.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static KMeans Fit(Rows<float> vectors, int count, ulong seed, int maxSteps = 100, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSteps, 1);
        Rows<float> centers = FirstCenters(vectors, DifferentVectors.Count(vectors.Memory, vectors.Dimension, count), seed);
        double before = double.PositiveInfinity;
        for (int step = 1; ; step++)
        {
            stop.ThrowIfCancellationRequested();
            NearestRows nearest = NearestRows.Of(vectors, centers);
            double error = nearest.SquaredDistances.Average();
            centers = Means(vectors, nearest.Index, centers);
            if (step == maxSteps || error >= before * (1 - MinGain))
            {
                return new KMeans(centers, step, error);
            }

            before = error;
        }
    }

    /// <summary>Finds the nearest center of each vector.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public NearestRows Assign(Rows<float> vectors) => NearestRows.Of(vectors, Centers);

    /// <summary>
    /// Draws the initial centers (k-means++): the first uniformly, each further one with a probability proportional to its squared
    /// distance from the nearest center before.
    /// </summary>
    private static Rows<float> FirstCenters(Rows<float> vectors, int count, ulong seed)
    {
        var key = new RandomKey(seed, RandomPurpose.Centers, 0);
        int[] chosen = new int[count];
        double[] distances = new double[vectors.Count];
        Array.Fill(distances, 1);
        bool isExact = false;
        for (int center = 0; center < count; center++)
        {
            float fraction = Philox.Uniform(key, (uint)center);
            chosen[center] = DrawInProportion(distances, fraction);
            if (chosen[center] < 0)
            {
                // All remaining vectors differ from the centers by less than the rounding error of distances in single precision.
                isExact = true;
                Array.Fill(distances, double.PositiveInfinity);
                Array.ForEach(chosen[..center], former => LowerExactly(distances, vectors, former));
                chosen[center] = DrawInProportion(distances, fraction);
            }

            bool isFirst = center == 0;
            if (isExact)
            {
                LowerExactly(distances, vectors, chosen[center]);
            }
            else
            {
                RowProducts.VisitSquaredDistances(
                    vectors, vectors.Select(chosen.AsSpan(center, 1)),
                    (n, _, toNew) => distances[n] = isFirst ? toNew[0] : Math.Min(distances[n], toNew[0]));
            }
        }

        return vectors.Select(chosen);
    }

    /// <summary>
    /// Replaces each squared distance by that from a new center if it is smaller, computed without the cancellation of
    /// |a|² + |b|² - 2 a · b.
    /// </summary>
    private static void LowerExactly(double[] distances, Rows<float> vectors, int center) =>
        Parallel.For(0, distances.Length, n =>
            distances[n] = Math.Min(distances[n], NearestRows.SquaredDistance(vectors[n], vectors[center])));

    /// <summary>Returns the index at a fraction of the cumulative sum of the weights; -1 if all are 0.</summary>
    private static int DrawInProportion(double[] shares, float fraction)
    {
        double rest = fraction * shares.Sum();
        int last = -1;
        for (int n = 0; n < shares.Length && rest >= 0; n++)
        {
            if (shares[n] > 0)
            {
                rest -= shares[n];
                last = n;
            }
        }

        return last;
    }

    private static Rows<float> Means(Rows<float> vectors, IReadOnlyList<int> nearest, Rows<float> centers)
    {
        float[] means = centers.Values.ToArray();
        int dimension = vectors.Dimension;
        ILookup<int, int> members = Enumerable.Range(0, vectors.Count).ToLookup(n => nearest[n]);
        Parallel.For(0, centers.Count, center =>
        {
            int[] own = [.. members[center]];
            double[] sum = new double[dimension];
            foreach (int n in own)
            {
                ReadOnlySpan<float> vector = vectors[n];
                for (int d = 0; d < sum.Length; d++)
                {
                    sum[d] += vector[d];
                }
            }

            for (int d = 0; own.Length > 0 && d < dimension; d++)
            {
                means[(center * dimension) + d] = (float)(sum[d] / own.Length);
            }
        });
        return new Rows<float>(means, dimension);
    }
}
