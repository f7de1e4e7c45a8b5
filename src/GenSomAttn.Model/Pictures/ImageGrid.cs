using GenSomAttn.Model.Data;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Pictures;

/// <summary>Grid of images from left to right and from top to bottom on a dark ground: samples, real images.</summary>
public static class ImageGrid
{
    private const int TitleHeight = 32;
    private static readonly Rgb Ground = Rgb.Gray(64);

    /// <summary>Draws images without text.</summary>
    /// <param name="images">(count, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="gap">Pixels around the images.</param>
    public static Picture Draw(ReadOnlySpan<float> images, ImageShape shape, int columns, int scale, int gap)
    {
        (int width, int height) = SizeOf(images, shape, columns, scale, gap);
        var picture = new Picture(width, height, Ground);
        DrawImages(picture, images, shape, columns, scale, gap, left: 0, top: 0);
        return picture;
    }

    /// <summary>Draws images below a title.</summary>
    /// <param name="title">Written above.</param>
    /// <param name="images">(count, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="columns">Images in a row.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="gap">Pixels around the images.</param>
    public static Picture Draw(string title, ReadOnlySpan<float> images, ImageShape shape, int columns, int scale, int gap)
    {
        (int width, int height) = SizeOf(images, shape, columns, scale, gap);
        const int Margin = MapLayout.Margin, Top = Margin + TitleHeight;
        var picture = new Picture(Math.Max(width, TextFont.Large.Measure(title)) + (2 * Margin), Top + height + Margin, Rgb.White);
        picture.DrawText(title, Margin, Margin, TextFont.Large, Rgb.Ink);
        picture.FillRectangle(Margin, Top, width, height, Ground);
        DrawImages(picture, images, shape, columns, scale, gap, Margin, Top);
        return picture;
    }

    private static (int Width, int Height) SizeOf(ReadOnlySpan<float> images, ImageShape shape, int columns, int scale, int gap)
    {
        int count = images.Length / shape.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Length, count * shape.Length, nameof(images));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(images));
        int step = (shape.Side * scale) + gap;
        return ((columns * step) + gap, (DivideUp(count, columns) * step) + gap);
    }

    private static void DrawImages(
        Picture picture, ReadOnlySpan<float> images, ImageShape shape, int columns, int scale, int gap, int left, int top)
    {
        int step = (shape.Side * scale) + gap;
        for (int index = 0; index < images.Length / shape.Length; index++)
        {
            int x = left + gap + (index % columns * step);
            int y = top + gap + (index / columns * step);
            picture.DrawImage(images.Slice(index * shape.Length, shape.Length), shape, x, y, scale);
        }
    }
}
