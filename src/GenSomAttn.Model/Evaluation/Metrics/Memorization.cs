namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Whether made images are copies of training images: how far they lie from the nearest one, compared with real images that were not
/// trained on.
/// </summary>
/// <param name="MadeDistance">Median over made images of the Euclidean distance to the nearest training image.</param>
/// <param name="RealDistance">The same over test images.</param>
/// <param name="CloserPairs">
/// Share of pairs of a made and a test image in which the made one is nearer to the training images, ties as one half: 0.5 where both
/// are as near, 1 where every made image is nearer than every test image. Smooth images are nearer than sharp ones, so that more than 0.5
/// is no proof of copies.
/// </param>
/// <param name="CopyShare">
/// Share of made images that are nearer than all but 1 % of the test images: near 0.01 (or less) without copies, and the share of
/// copies where there are some.
/// </param>
/// <remarks>Source: Meehan, Chaudhuri and Dasgupta, "A non-parametric test to detect data-copying in generative models", 2020.</remarks>
public sealed record Memorization(double MadeDistance, double RealDistance, double CloserPairs, double CopyShare)
{
    private const double CopyQuantile = 0.01;

    /// <summary>Compares made images with real ones that were not trained on.</summary>
    /// <param name="ofMade">(M), the <see cref="AscendingDistances"/> of the made images to the training images.</param>
    /// <param name="ofTest">(N), those of the real ones.</param>
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
        return new Memorization(
            ofMade[ofMade.Length / 2], ofTest[ofTest.Length / 2], closer / ((double)ofMade.Length * ofTest.Length),
            (double)CountBelow(ofMade, bound) / ofMade.Length);
    }

    /// <summary>
    /// Euclidean distances of images to the nearest training image, ascending. Sums over groups of pixels leave out most training images:
    /// with m pixels in a group, (Σ x - Σ y)² / m of a group is at most its Σ (x - y)² (Cauchy and Schwarz). So it takes N T D / 7
    /// products, and few whole distances.
    /// </summary>
    /// <param name="images">(N, D), pixels.</param>
    /// <param name="train">(T, D), those of the training images.</param>
    /// <exception cref="ArgumentException">The images are of different sizes.</exception>
    public static double[] AscendingDistances(Rows<float> images, Rows<float> train)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(train);
        images.CheckSameDimension(train);

        // What rounding may add to a bound is some 10⁻⁷ of the sums of squares.
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
        return [.. nearest.Select(Math.Sqrt).Order()];
    }

    /// <summary>Of each image, Σ x / √m over groups of m = 7 pixels, a quarter of a line of 28; the last group may be smaller.</summary>
    private static Rows<float> Groups(Rows<float> images)
    {
        const int Size = 7;
        int groups = (images.Dimension + Size - 1) / Size;
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

    /// <summary>How many of ascending values are less than a bound.</summary>
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
