using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Units that look like none of their images: the mean error of their decoded codebook vector D(w) on the images that they win is above
/// that of the mean of all images, which needs no map.
/// </summary>
public static class UnlikeUnits
{
    private const double White = 255;

    /// <summary>Lists such units.</summary>
    /// <param name="map">Statistics of the units on the images.</param>
    /// <param name="images">The images.</param>
    public static IReadOnlyList<int> Of(MapStatistics map, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(map);
        double bound = PixelVariance(images);
        return [.. Enumerable.Range(0, map.Hits.Count).Where(unit => map.Hits[unit] > 0 && map.MseQ[unit] > bound)];
    }

    /// <summary>Computes the mean over pixels of their variance over the images: the per-pixel MSE of the mean image.</summary>
    internal static double PixelVariance(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        byte[] pixels = new byte[images.Shape.Length];
        double[] sums = new double[pixels.Length];
        double squares = 0;
        for (int n = 0; n < images.Count; n++)
        {
            images.CopyTo(n, pixels);
            for (int i = 0; i < pixels.Length; i++)
            {
                double value = pixels[i] / White;
                sums[i] += value;
                squares += value * value;
            }
        }

        double count = Math.Max(1, images.Count);
        return ((squares / count) - sums.Sum(sum => sum / count * (sum / count))) / pixels.Length;
    }
}
