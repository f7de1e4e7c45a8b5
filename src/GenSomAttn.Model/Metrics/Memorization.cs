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
    /// <param name="ofMade">(M), <see cref="NearestImages.Ascending"/> distances of generated images to the training images.</param>
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
