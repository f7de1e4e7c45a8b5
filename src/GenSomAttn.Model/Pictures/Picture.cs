using GenSomAttn.Formats;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// A drawing in pixels from the upper left corner, which is kept as what was drawn, so that a PNG file can have twice the pixels, for sharp
/// screens, with text of twice the size and not with enlarged pixels. Drawing is clipped.
/// </summary>
public sealed class Picture
{
    /// <summary>Largest number of pixels on the side of one of the drawing's.</summary>
    public const int MaxScale = TextFont.MaxScale;

    private readonly List<Action<Raster>> _marks = [];
    private readonly Rgb _background;
    private Raster? _plain;

    /// <summary>Creates a picture of one color.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Picture(int width, int height, Rgb background)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        (Width, Height, _background) = (width, height, background);
    }

    /// <summary>Pixels in a row, at scale 1.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels, at scale 1.</summary>
    public int Height { get; }

    /// <summary>The bytes at scale 1, (Height, Width, 3).</summary>
    public ReadOnlySpan<byte> Rgb => Plain.Rgb;

    /// <summary>The color of one pixel at scale 1.</summary>
    public Rgb this[int x, int y] => Plain[x, y];

    private Raster Plain => _plain ??= Rasterize(1);

    /// <summary>Fills a rectangle whose upper left corner is (x, y).</summary>
    public void FillRectangle(int x, int y, int width, int height, Rgb color) =>
        Add(raster => raster.FillRectangle(x, y, width, height, color));

    /// <summary>Draws an image in its colors, each of its pixels as a square of <paramref name="size"/> pixels.</summary>
    /// <param name="image">(S, S, C), 0 dark to 1 bright; clamped to that range.</param>
    /// <param name="shape">Shape of the image.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="size">Enlargement, at least 1.</param>
    public void DrawImage(ReadOnlySpan<float> image, ImageShape shape, int x, int y, int size)
    {
        if (image.Length != shape.Length)
        {
            throw new ArgumentException($"An image of {shape} has {shape.Length} values, not {image.Length}.", nameof(image));
        }

        byte[] levels = new byte[image.Length];
        for (int value = 0; value < levels.Length; value++)
        {
            levels[value] = Pictures.Rgb.Level(image[value]);
        }

        Add(raster => raster.DrawImage(levels, shape, x, y, size));
    }

    /// <summary>Draws another picture, whose upper left corner comes to (x, y).</summary>
    public void Paste(Picture other, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(raster => raster.Paste(other.Rasterize(raster.Scale), x, y));
    }

    /// <summary>Writes a line of text with the upper left corner of its first capital at (x, y).</summary>
    /// <param name="text">The text; letters that the font does not have are boxes.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge of capitals.</param>
    /// <param name="font">Font of the letters.</param>
    /// <param name="color">Color of the letters.</param>
    public void DrawText(string text, int x, int y, TextFont font, Rgb color)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(font);
        Add(raster => raster.DrawText(text, x, y, font, color));
    }

    /// <summary>Draws a circle line of two pixels.</summary>
    public void DrawCircle(double x, double y, double radius, Rgb color) => Add(raster => raster.DrawCircle(x, y, radius, color));

    /// <summary>Encodes the picture as PNG.</summary>
    /// <param name="scale">Pixels on the side of one of the drawing's, 1 to <see cref="MaxScale"/>.</param>
    public byte[] ToPng(int scale = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scale, Math.Clamp(scale, 1, MaxScale));
        Raster raster = scale == 1 ? Plain : Rasterize(scale);
        return PictureFile.Encode(raster.Rgb, raster.Width, raster.Height);
    }

    /// <summary>Writes a PNG file atomically: a concurrent reader sees the old file or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">As of <see cref="ToPng"/>.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string path, int scale = 1) => AtomicFiles.OnDisk.Write(path, ToPng(scale));

    private void Add(Action<Raster> mark)
    {
        _marks.Add(mark);
        _plain = null;
    }

    private Raster Rasterize(int scale)
    {
        var raster = new Raster(Width, Height, scale, _background);
        _marks.ForEach(mark => mark(raster));
        return raster;
    }
}
