using System.Globalization;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Picture of generated images, each with the training image that is nearest to it by its pixels beneath it, and their distance.
/// </summary>
public static class NearestPicture
{
    private const int MaxColumns = 16;
    private const int Gap = 4;
    private const int LineHeight = 14;

    /// <summary>Finds the nearest training images and draws them.</summary>
    /// <param name="images">The generated images, rounded to bytes as the training images are.</param>
    /// <param name="train">The training images, at least one, of the same shape.</param>
    public static Picture Draw(ImageSet images, ImageSet train)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(train);
        ImageShape shape = images.Shape;
        float[] pixels = images.ToFloats(), trainPixels = train.ToFloats();
        NearestRows nearest = NearestRows.Of(new Rows<float>(pixels, shape.Length), new Rows<float>(trainPixels, shape.Length));
        int scale = Math.Clamp(56 / shape.Side, 1, 4), side = scale * shape.Side;
        int columns = Math.Min(images.Count, MaxColumns);
        int width = Math.Max(side, TextFont.Small.Measure("00.00")) + Gap, height = (2 * side) + LineHeight + (2 * Gap);
        var picture = new Picture((columns * width) + Gap, (DivideUp(images.Count, columns) * height) + Gap, Rgb.White);
        for (int n = 0; n < images.Count; n++)
        {
            int x = Gap + (n % columns * width), y = Gap + (n / columns * height);
            picture.DrawImage(pixels.AsSpan(n * shape.Length, shape.Length), shape, x, y, scale);
            picture.DrawImage(trainPixels.AsSpan(nearest.Index[n] * shape.Length, shape.Length), shape, x, y + side, scale);
            string distance = Math.Sqrt(nearest.SquaredDistances[n]).ToString("0.00", CultureInfo.InvariantCulture);
            picture.DrawText(distance, x, y + (2 * side) + 3, TextFont.Small, Rgb.Ink);
        }

        return picture;
    }
}
