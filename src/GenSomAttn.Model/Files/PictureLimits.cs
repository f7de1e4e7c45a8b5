namespace GenSomAttn.Model.Files;

/// <summary>How large a picture may say that it is: checked before anything is unpacked, so that a small file cannot take all memory.</summary>
internal static class PictureLimits
{
    /// <summary>Bytes of a file.</summary>
    public const int MaxFileBytes = 32 << 20;

    private const int MaxSide = 4096;
    private const int MaxPixels = 16_000_000;

    /// <summary>Checks what a header says.</summary>
    /// <exception cref="InvalidDataException">A side is 0 or too long, or there are too many pixels.</exception>
    public static void CheckSize(long width, long height)
    {
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || width * height > MaxPixels)
        {
            throw new InvalidDataException(
                $"it is said to have {width} x {height} pixels; each side may be from 1 to {MaxSide}, their product at most {MaxPixels}.");
        }
    }
}
