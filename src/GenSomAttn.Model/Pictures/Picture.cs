using GenSomAttn.Formats;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>A picture in memory: <see cref="Rgb"/> bytes, row-major from the top, three per pixel. Drawing is clipped to it.</summary>
public sealed class Picture
{
    private readonly byte[] _rgb;

    /// <summary>Creates a picture of one color.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Picture(int width, int height, Rgb background)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Width = width;
        Height = height;
        _rgb = new byte[checked(width * height * 3)];
        FillRectangle(0, 0, width, height, background);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The bytes, (Height, Width, 3).</summary>
    public ReadOnlySpan<byte> Rgb => _rgb;

    /// <summary>The color of one pixel.</summary>
    public Rgb this[int x, int y]
    {
        get
        {
            int at = ((y * Width) + x) * 3;
            return new Rgb(_rgb[at], _rgb[at + 1], _rgb[at + 2]);
        }
    }

    /// <summary>Sets the color of one pixel.</summary>
    public void Set(int x, int y, Rgb color)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height)
        {
            return;
        }

        int at = ((y * Width) + x) * 3;
        _rgb[at] = color.Red;
        _rgb[at + 1] = color.Green;
        _rgb[at + 2] = color.Blue;
    }

    /// <summary>Fills a rectangle whose upper left corner is (x, y).</summary>
    public void FillRectangle(int x, int y, int width, int height, Rgb color)
    {
        for (int row = y; row < y + height; row++)
        {
            for (int column = x; column < x + width; column++)
            {
                Set(column, row, color);
            }
        }
    }

    /// <summary>Draws an image in its colors, each of its pixels as a square of <paramref name="scale"/> pixels.</summary>
    /// <param name="image">(S, S, C), 0 dark to 1 bright; clamped to that range.</param>
    /// <param name="shape">Shape of the image.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    public void DrawImage(ReadOnlySpan<float> image, ImageShape shape, int x, int y, int scale)
    {
        CheckLength(image, shape);
        for (int pixel = 0; pixel < shape.Side * shape.Side; pixel++)
        {
            FillPixel(shape, pixel, x, y, scale, Pictures.Rgb.Of(image.Slice(pixel * shape.Channels, shape.Channels)));
        }
    }

    /// <summary>Draws an image in two colors and those between, by the brightness of its pixels alone.</summary>
    /// <param name="image">(S, S, C), 0 dark to 1 bright; clamped to that range.</param>
    /// <param name="shape">Shape of the image.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="tint">Colors of the brightness 0 and 1.</param>
    public void DrawTinted(ReadOnlySpan<float> image, ImageShape shape, int x, int y, int scale, (Rgb Dark, Rgb Light) tint)
    {
        CheckLength(image, shape);
        for (int pixel = 0; pixel < shape.Side * shape.Side; pixel++)
        {
            float luma = Pictures.Rgb.Luma(image.Slice(pixel * shape.Channels, shape.Channels));
            FillPixel(shape, pixel, x, y, scale, Pictures.Rgb.Mix(tint.Dark, tint.Light, luma));
        }
    }

    /// <summary>Writes a line of text in <see cref="PixelFont"/> with the upper left corner of its first capital at (x, y).</summary>
    /// <param name="text">Printable ASCII; anything else appears as a question mark.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge of capitals.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="color">Color of the letters.</param>
    public void DrawText(string text, int x, int y, int scale, Rgb color)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int index = 0; index < text.Length; index++)
        {
            int left = x + (index * PixelFont.Advance * scale);
            for (int row = 0; row < PixelFont.Height; row++)
            {
                for (int column = 0; column < PixelFont.Width; column++)
                {
                    if (PixelFont.IsSet(text[index], row, column))
                    {
                        FillRectangle(left + (column * scale), y + (row * scale), scale, scale, color);
                    }
                }
            }
        }
    }

    private static void CheckLength(ReadOnlySpan<float> image, ImageShape shape)
    {
        if (image.Length != shape.Length)
        {
            throw new ArgumentException($"An image of {shape} has {shape.Length} values, not {image.Length}.", nameof(image));
        }
    }

    /// <summary>Fills the square of one pixel of an image that is drawn at (x, y).</summary>
    private void FillPixel(ImageShape shape, int pixel, int x, int y, int scale, Rgb color) =>
        FillRectangle(x + (pixel % shape.Side * scale), y + (pixel / shape.Side * scale), scale, scale, color);

    /// <summary>Encodes the picture as PNG.</summary>
    public byte[] ToPng() => PictureFile.Encode(_rgb, Width, Height);

    /// <summary>Writes a PNG file atomically: a concurrent reader sees the old file or the new one.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFiles.OnDisk.Write(path, ToPng());
}
