using GenSomAttn.Kernels;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Baselines;

/// <summary>
/// K centers, each the mean of the vectors nearest to it: what a map of as many units is measured against, for it leaves neighborhoods
/// out and has the error alone to lower.
/// </summary>
/// <remarks>
/// Sources: Lloyd 1957; first centers by Arthur and Vassilvitskii, "k-means++", 2007. A center that wins nothing stays where it is.
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

    /// <summary>(K, D); fewer than were asked for where there are fewer different vectors.</summary>
    public Rows<float> Centers { get; }

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; }

    /// <summary>Mean over the vectors of the squared distance to the nearest center before the last step; divided by D the MSE.</summary>
    public double SquaredError { get; }

    /// <summary>Searches centers, until a step lowers the error by less than 1 part in 10,000.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <param name="count">K; where there are fewer different vectors, these are the centers.</param>
    /// <param name="seed">Draws the first centers.</param>
    /// <param name="maxSteps">Most steps to take.</param>
    /// <param name="stop">Asks to give up.</param>
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

    /// <summary>The nearest center of each vector.</summary>
    /// <param name="vectors">(N, D).</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public NearestRows Assign(Rows<float> vectors) => NearestRows.Of(vectors, Centers);

    /// <summary>The first at random, each further one with a chance in proportion to its squared distance from those before.</summary>
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
                // What differs from the centers differs from them by less than the rounding of distances in single precision.
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

    /// <summary>Lowers the squared distance of each vector to that from a new center, without the rounding of |a|² + |b|² - 2 a · b.</summary>
    private static void LowerExactly(double[] distances, Rows<float> vectors, int center) =>
        Parallel.For(0, distances.Length, n =>
            distances[n] = Math.Min(distances[n], NearestRows.SquaredDistance(vectors[n], vectors[center])));

    /// <summary>The index at a fraction of the sum of all shares; -1 if they are all 0.</summary>
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
