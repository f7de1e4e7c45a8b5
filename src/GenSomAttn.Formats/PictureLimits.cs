namespace GenSomAttn.Formats;

/// <summary>
/// Size limits of pictures, checked before decompression, so that a small file cannot exhaust the memory (decompression bomb).
/// </summary>
public static class PictureLimits
{
    /// <summary>Maximum bytes of a file.</summary>
    public const int MaxFileBytes = 256 << 20;

    /// <summary>Maximum bytes that one picture may take while it is decoded.</summary>
    public const long MaxDecodingBytes = 1L << 30;

    private const int MaxSide = 65_535;

    // The cameras of phones have up to 200 megapixels: 16,320 x 12,240.
    private const int MaxPixels = 210_000_000;

    /// <summary>Checks the size in a header.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bytesPerPixel">Bytes that the decoder allocates for a pixel.</param>
    /// <exception cref="InvalidDataException">A side is 0 or too long, or there are too many pixels.</exception>
    public static void CheckSize(long width, long height, int bytesPerPixel)
    {
        if (width < 1 || height < 1)
        {
            throw new InvalidDataException($"its header says that it has {width} x {height} pixels, none at all.");
        }

        long mostPixels = Math.Min(MaxPixels, MaxDecodingBytes / bytesPerPixel);
        if (width > MaxSide || height > MaxSide || width * height > mostPixels)
        {
            throw new InvalidDataException($"it has {width} x {height} pixels, more than can be read: resize it to at most {MaxSide} in "
                + $"each direction and {mostPixels} together.");
        }
    }
}
