using GenSomAttn.Model.Data;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Pictures;

/// <summary>Grid of images without text: prototypes, samples, real images.</summary>
public static class ImageGrid
{
    /// <summary>Draws images from left to right and from top to bottom on a dark ground.</summary>
    /// <param name="images">(count, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="gap">Pixels around the images.</param>
    public static Picture Draw(ReadOnlySpan<float> images, ImageShape shape, int columns, int scale, int gap)
    {
        int count = images.Length / shape.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Length, count * shape.Length, nameof(images));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(images));
        int rows = DivideUp(count, columns);
        int step = (shape.Side * scale) + gap;
        var picture = new Picture((columns * step) + gap, (rows * step) + gap, Rgb.Gray(64));
        for (int index = 0; index < count; index++)
        {
            int x = gap + (index % columns * step);
            int y = gap + (index / columns * step);
            picture.DrawImage(images.Slice(index * shape.Length, shape.Length), shape, x, y, scale);
        }

        return picture;
    }
}
