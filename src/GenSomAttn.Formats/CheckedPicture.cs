namespace GenSomAttn.Formats;

/// <summary>A picture file whose structure was checked, without its metadata.</summary>
/// <param name="Bytes">The parts of the file that the decoder needs.</param>
/// <param name="Width">Pixels in a stored row.</param>
/// <param name="Height">Stored rows.</param>
/// <param name="Samples">Samples of a pixel to decode: 1 gray or palette index, 3 RGB, 4 RGB and alpha.</param>
/// <param name="SampleBytes">Bytes of a sample to decode, 1 or 2.</param>
public sealed record CheckedPicture(byte[] Bytes, int Width, int Height, int Samples, int SampleBytes = 1)
{
    /// <summary>Bytes of the decoded pixels.</summary>
    public long PixelBytes => (long)Width * Height * Samples * SampleBytes;

    /// <summary>Orientation of EXIF, 1 (upright) to 8.</summary>
    public int Orientation { get; init; } = 1;

    /// <summary>Red, green, blue and alpha of each palette index; empty if pixels are no palette indices.</summary>
    public byte[] Palette { get; init; } = [];

    /// <summary>Bits of a palette index, which the decoder stretches to 0 to 255 as if it were a gray.</summary>
    public int PaletteBits { get; init; } = 8;
}
