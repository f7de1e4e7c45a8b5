namespace GenSomAttn.Formats;

/// <summary>A picture of one or three channels, upright.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 gray, 3 red, green and blue.</param>
/// <param name="Pixels">(Height, Width, Channels), 0 black to 255 white.</param>
public sealed record DecodedPicture(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>Whether the file has a pixel that is not opaque; it is laid over the background.</summary>
    public bool WasTransparent { get; init; }

    /// <summary>
    /// Returns the picture in gray: (299 R + 587 G + 114 B + 500) / 1000 of the stored colors, rounded down: the luma of ITU-R BT.601,
    /// rounded to the nearest.
    /// </summary>
    public DecodedPicture ToGray()
    {
        if (Channels == 1)
        {
            return this;
        }

        byte[] grays = new byte[Width * Height];
        for (int i = 0; i < grays.Length; i++)
        {
            grays[i] = (byte)(((299 * Pixels[3 * i]) + (587 * Pixels[(3 * i) + 1]) + (114 * Pixels[(3 * i) + 2]) + 500) / 1000);
        }

        return this with { Channels = 1, Pixels = grays };
    }

    /// <summary>Returns the picture with one channel if red, green and blue are equal in every pixel, else the picture itself.</summary>
    internal DecodedPicture WithoutEqualChannels()
    {
        if (Channels == 1)
        {
            return this;
        }

        for (int i = 0; i < Pixels.Length; i += 3)
        {
            if (Pixels[i] != Pixels[i + 1] || Pixels[i] != Pixels[i + 2])
            {
                return this;
            }
        }

        return ToGray();
    }

    /// <summary>
    /// Undoes an orientation of EXIF 2.32 (tag 0x0112): 1 is upright; 2 is mirrored, 3 turned by 180 degrees, 4 both; in 5 to 8 rows and
    /// columns are exchanged, and 6, the usual one of a phone held upright, has to be turned clockwise.
    /// </summary>
    internal DecodedPicture Upright(int orientation)
    {
        if (orientation == 1)
        {
            return this;
        }

        bool isTransposed = orientation >= 5;
        (int width, int height) = isTransposed ? (Height, Width) : (Width, Height);

        // The corner of the stored picture that is the upper left one of the upright picture.
        bool fromRight = orientation is 2 or 3 or 7 or 8;
        bool fromBottom = orientation is 3 or 4 or 6 or 7;
        byte[] pixels = new byte[Pixels.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                (int storedX, int storedY) = isTransposed ? (y, x) : (x, y);
                storedX = fromRight ? Width - 1 - storedX : storedX;
                storedY = fromBottom ? Height - 1 - storedY : storedY;
                Pixels.AsSpan(((storedY * Width) + storedX) * Channels, Channels).CopyTo(pixels.AsSpan(((y * width) + x) * Channels));
            }
        }

        return this with { Width = width, Height = height, Pixels = pixels };
    }
}
