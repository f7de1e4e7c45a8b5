using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Memorization test: whether generated images are copies of training images, by their distance to the nearest one, compared with that
/// of held-out real images.
/// </summary>
/// <param name="CloserPairs">
/// Share of pairs of a generated and a test image in which the generated one is nearer to the training images, ties as one half (the
/// Mann-Whitney statistic): 0.5 if both are equally near, 1 if every generated image is nearer than every test image. Smooth images are
/// nearer than sharp ones, so that more than 0.5 is no proof of copies.
/// </param>
/// <param name="CopyShare">
/// Share of generated images that are nearer than all but 1 % of the test images: near 0.01 (or less) without copies, else about the
/// share of copies.
/// </param>
/// <remarks>Source: Meehan, Chaudhuri and Dasgupta, "A non-parametric test to detect data-copying in generative models", 2020.</remarks>
public sealed record Memorization(double CloserPairs, double CopyShare)
{
    private const double CopyQuantile = 0.01;

    /// <summary>Compares generated images with held-out real ones.</summary>
    /// <param name="ofMade">(M), the <see cref="AscendingDistances"/> of the generated images to the training images.</param>
    /// <param name="ofTest">(N), those of the held-out images.</param>
    public static Memorization Of(double[] ofMade, double[] ofTest)
    {
        ArgumentNullException.ThrowIfNull(ofMade);
        ArgumentNullException.ThrowIfNull(ofTest);
        double closer = 0;
        foreach (double distance in ofMade)
        {
            int below = CountBelow(ofTest, distance);
            int notAbove = CountBelow(ofTest, double.BitIncrement(distance));
            closer += ofTest.Length - (0.5 * (below + notAbove));
        }

        double bound = ofTest[(int)(CopyQuantile * ofTest.Length)];
        return new Memorization(closer / ((double)ofMade.Length * ofTest.Length), (double)CountBelow(ofMade, bound) / ofMade.Length);
    }

    /// <summary>Computes the <see cref="NearestDistances"/> in ascending order.</summary>
    /// <param name="images">(N, D), pixels.</param>
    /// <param name="train">(T, D), those of the training images.</param>
    /// <exception cref="ArgumentException">The images are of different sizes.</exception>
    public static double[] AscendingDistances(Rows<float> images, Rows<float> train) => [.. NearestDistances(images, train).Order()];

    /// <summary>
    /// Computes the Euclidean distances of images to the nearest training image. A lower bound from sums over groups of pixels
    /// prunes most training images: with m pixels in a group, (Σ x - Σ y)² / m is at most Σ (x - y)² (Cauchy-Schwarz). The cost is
    /// N T D / 7 multiply-adds and few full distances.
    /// </summary>
    /// <param name="images">(N, D), pixels.</param>
    /// <param name="train">(T, D), those of the training images.</param>
    /// <exception cref="ArgumentException">The images are of different sizes.</exception>
    internal static double[] NearestDistances(Rows<float> images, Rows<float> train)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(train);
        images.CheckSameDimension(train);

        // The rounding error of a bound is some 10⁻⁷ of the sums of squares.
        float largest = Math.Max(LargestMagnitude(images), LargestMagnitude(train));
        float slack = 1e-5f * images.Dimension * largest * largest;
        double[] nearest = new double[images.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        RowProducts.VisitSquaredDistances(Groups(images), Groups(train), (n, firstColumn, bounds) =>
        {
            for (int i = 0; i < bounds.Length; i++)
            {
                if (bounds[i] - slack < nearest[n])
                {
                    nearest[n] = Math.Min(nearest[n], NearestRows.SquaredDistance(images[n], train[firstColumn + i]));
                }
            }
        });
        return [.. nearest.Select(Math.Sqrt)];
    }

    /// <summary>
    /// Computes Σ x / √m over groups of m = 7 pixels of each image, a quarter of a row of 28; the last group may be smaller.
    /// </summary>
    private static Rows<float> Groups(Rows<float> images)
    {
        const int Size = 7;
        int groups = DivideUp(images.Dimension, Size);
        float[] sums = new float[images.Count * groups];
        Parallel.For(0, images.Count, n =>
        {
            ReadOnlySpan<float> image = images[n];
            for (int group = 0; group < groups; group++)
            {
                ReadOnlySpan<float> pixels = image[(group * Size)..Math.Min((group + 1) * Size, image.Length)];
                float sum = 0;
                foreach (float pixel in pixels)
                {
                    sum += pixel;
                }

                sums[(n * groups) + group] = sum / MathF.Sqrt(pixels.Length);
            }
        });
        return new Rows<float>(sums, groups);
    }

    private static float LargestMagnitude(Rows<float> rows)
    {
        float largest = 0;
        foreach (float value in rows.Values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    /// <summary>Counts the values below a bound in an ascending array, by binary search.</summary>
    private static int CountBelow(double[] ascending, double bound)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
