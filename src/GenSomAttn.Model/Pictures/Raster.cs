using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// The pixels of a <see cref="Picture"/> at a scale: each unit of its coordinates is a square of that many pixels. Drawing is clipped.
/// </summary>
internal sealed class Raster
{
    private readonly byte[] _rgb;

    /// <summary>Creates pixels of one color.</summary>
    /// <param name="width">Width in units.</param>
    /// <param name="height">Height in units.</param>
    /// <param name="scale">Pixels on the side of a unit.</param>
    /// <param name="background">The color.</param>
    public Raster(int width, int height, int scale, Rgb background)
    {
        (Width, Height, Scale) = (checked(width * scale), checked(height * scale), scale);
        _rgb = new byte[checked(Width * Height * 3)];
        FillRectangle(0, 0, width, height, background);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows of pixels.</summary>
    public int Height { get; }

    /// <summary>Pixels on the side of a unit.</summary>
    public int Scale { get; }

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

    /// <summary>Fills a rectangle of units whose upper left corner is (x, y).</summary>
    public void FillRectangle(int x, int y, int width, int height, Rgb color)
    {
        int left = Math.Max(x * Scale, 0);
        int right = Math.Min((x + width) * Scale, Width);
        int top = Math.Max(y * Scale, 0);
        int bottom = Math.Min((y + height) * Scale, Height);
        for (int row = top; row < bottom; row++)
        {
            for (int at = ((row * Width) + left) * 3; at < ((row * Width) + right) * 3; at += 3)
            {
                (_rgb[at], _rgb[at + 1], _rgb[at + 2]) = (color.Red, color.Green, color.Blue);
            }
        }
    }

    /// <summary>Draws an image, each of its pixels as a square, with its upper left corner at (x, y).</summary>
    /// <param name="image">(S, S, C).</param>
    /// <param name="shape">Shape of the image.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="size">Units on the side of a square.</param>
    public void DrawImage(ReadOnlySpan<byte> image, ImageShape shape, int x, int y, int size)
    {
        for (int pixel = 0; pixel < shape.Side * shape.Side; pixel++)
        {
            (int row, int column) = (pixel / shape.Side, pixel % shape.Side);
            Rgb color = Pictures.Rgb.Of(image.Slice(pixel * shape.Channels, shape.Channels));
            FillRectangle(x + (column * size), y + (row * size), size, size, color);
        }
    }

    /// <summary>Draws the pixels of another raster of the same scale, whose upper left corner comes to (x, y).</summary>
    public void Paste(Raster other, int x, int y)
    {
        for (int row = 0; row < other.Height; row++)
        {
            for (int column = 0; column < other.Width; column++)
            {
                Mix((x * Scale) + column, (y * Scale) + row, other[column, row], 1);
            }
        }
    }

    /// <summary>Writes a line of text with the upper left corner of its first capital at (x, y).</summary>
    public void DrawText(string text, int x, int y, TextFont font, Rgb color) =>
        font.Visit(text, Scale, (right, down, share) => Mix((x * Scale) + right, (y * Scale) + down, color, share));

    /// <summary>Draws a circle line of two units, whose center is (x, y); whole numbers are the middle of a unit.</summary>
    public void DrawCircle(double x, double y, double radius, Rgb color)
    {
        double half = Scale;
        (double centerX, double centerY, double r) = (((x + 0.5) * Scale) - 0.5, ((y + 0.5) * Scale) - 0.5, radius * Scale);
        int reach = (int)Math.Ceiling(r + half);
        for (int row = -reach; row <= reach; row++)
        {
            for (int column = -reach; column <= reach; column++)
            {
                (int atX, int atY) = ((int)Math.Round(centerX) + column, (int)Math.Round(centerY) + row);
                double distance = Math.Sqrt(((atX - centerX) * (atX - centerX)) + ((atY - centerY) * (atY - centerY)));
                double share = half + 0.5 - Math.Abs(distance - r);
                if (share > 0)
                {
                    Mix(atX, atY, color, share);
                }
            }
        }
    }

    private void Mix(int x, int y, Rgb color, double share)
    {
        if (x < 0 || y < 0 || x >= Width || y >= Height)
        {
            return;
        }

        int at = ((y * Width) + x) * 3;
        Rgb mixed = Pictures.Rgb.Mix(this[x, y], color, share);
        (_rgb[at], _rgb[at + 1], _rgb[at + 2]) = (mixed.Red, mixed.Green, mixed.Blue);
    }
}
