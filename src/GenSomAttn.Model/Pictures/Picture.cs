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

    /// <summary>Draws another picture, whose upper left corner comes to (x, y).</summary>
    public void Paste(Picture other, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int pixel = 0; pixel < other.Width * other.Height; pixel++)
        {
            (int row, int column) = (pixel / other.Width, pixel % other.Width);
            Set(x + column, y + row, other[column, row]);
        }
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
        font.Visit(text, (right, down, share) =>
        {
            (int column, int row) = (x + right, y + down);
            if (column >= 0 && row >= 0 && column < Width && row < Height)
            {
                Set(column, row, Pictures.Rgb.Mix(this[column, row], color, share));
            }
        });
    }

    /// <summary>Draws a circle line of two pixels.</summary>
    public void DrawCircle(double x, double y, double radius, Rgb color)
    {
        const double HalfWidth = 1;
        int reach = (int)Math.Ceiling(radius + HalfWidth);
        for (int row = -reach; row <= reach; row++)
        {
            for (int column = -reach; column <= reach; column++)
            {
                (int atX, int atY) = ((int)Math.Round(x) + column, (int)Math.Round(y) + row);
                double share = HalfWidth + 0.5 - Math.Abs(Math.Sqrt(((atX - x) * (atX - x)) + ((atY - y) * (atY - y))) - radius);
                if (share > 0 && atX >= 0 && atY >= 0 && atX < Width && atY < Height)
                {
                    Set(atX, atY, Pictures.Rgb.Mix(this[atX, atY], color, share));
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
