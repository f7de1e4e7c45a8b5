namespace GenSomAttn.Formats;

/// <summary>
/// Size limits of pictures, checked before decompression, so that a small file cannot exhaust the memory (decompression bomb).
/// </summary>
public static class PictureLimits
{
    /// <summary>Maximum bytes of a file.</summary>
    public const int MaxFileBytes = 32 << 20;

    private const int MaxSide = 4096;
    private const int MaxPixels = 16_000_000;

    /// <summary>Checks the size in a header.</summary>
    /// <exception cref="InvalidDataException">A side is 0 or too long, or there are too many pixels.</exception>
    public static void CheckSize(long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw new InvalidDataException($"its header says that it has {width} x {height} pixels, none at all.");
        }

        if (width > MaxSide || height > MaxSide || width * height > MaxPixels)
        {
            throw new InvalidDataException($"it has {width} x {height} pixels, more than can be read: resize it to at most {MaxSide} in "
                + $"each direction and {MaxPixels} together.");
        }
    }
}
