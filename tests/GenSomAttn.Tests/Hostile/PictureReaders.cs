using System.IO.Compression;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Hostile;

/// <summary>The reader of pictures, for each of its formats. The read picture is written as a PNG file.</summary>
internal static class PictureReaders
{
    /// <summary>
    /// PNG: each byte is covered by a checksum. Deflate compresses up to 1032 to 1; rows, samples and grays are in memory at once.
    /// </summary>
    public static HostileReader Png { get; } = Reader("png", Guard.Checksum, (8 * 1032, 1 << 18)) with
    {
        Seeds =
        [
            PictureSeeds.Png(5, 6, 8, 0, CompressionLevel.NoCompression), PictureSeeds.Png(9, 5, 1, 0), PictureSeeds.Png(3, 5, 16, 2),
            PictureSeeds.Png(7, 5, 2, 3, CompressionLevel.NoCompression), PictureSeeds.Png(4, 5, 8, 3), PictureSeeds.Png(2, 5, 8, 4),
            PictureSeeds.Png(2, 5, 16, 6), PictureBytes.Png(PictureBytes.Header(5, 5, 8, 0, interlace: 1), new byte[36]),
        ],
        Tokens =
        [
            .. ModelReaders.Texts("IHDR", "PLTE", "IDAT", "IEND", "tRNS", "CgBI", "\0\0\0\0IDAT\0\0\0\0"),
            [0x89, .. "PNG\r\n\x1A\n"u8], [0x78, 0x9C], [0x78, 0x20], [3, 0], [1, 0, 0, 0xFF, 0xFF], [8, 3, 0, 0, 0], [8, 0, 0, 0, 1],
            [16, 6, 0, 0, 0],
        ],
        Repair = Repairs.Png,
    };

    /// <summary>
    /// JPEG: has no checksum. A byte holds at least a bit for each of eight blocks, 512 pixels, each of which takes 3 to 4 bytes of samples
    /// and 1 of gray.
    /// </summary>
    public static HostileReader Jpeg { get; } = Reader("jpeg", Guard.Form, (512 * 5, 1 << 17)) with
    {
        Seeds =
        [
            PictureSeeds.BaselineJpeg, PictureSeeds.RestartJpeg, PictureSeeds.ProgressiveJpeg, PictureSeeds.GrayProgressiveJpeg,
        ],
        Tokens =
        [
            [0xFF, 0xD8], [0xFF, 0xD9], [0xFF, 0xD0], [0xFF, 0xD7], [0xFF, 0], [0xFF, 0xFF], [0xFF, 0xC0], [0xFF, 0xC2], [0xFF, 0xC4],
            [0xFF, 0xDB], [0xFF, 0xDA], [0xFF, 0xDD, 0, 4, 0, 1], [0xFF, 0xDD, 0, 4, 0, 0], [0x11], [0x22], [0x44], [0, 63, 0], [1, 5, 2],
        ],
    };

    /// <summary>BMP: has no checksum. A byte holds eight pixels, each of which takes 3 to 4 bytes of samples and 1 of gray.</summary>
    public static HostileReader Bmp { get; } = Reader("bmp", Guard.Length, (64, 1 << 17)) with
    {
        Seeds =
        [
            PictureSeeds.Bmp(5, 4, 24), PictureSeeds.Bmp(9, 3, 1), PictureSeeds.Bmp(5, 3, 4), PictureSeeds.Bmp(3, -2, 32),
            PictureSeeds.Bmp(3, 2, 16),
        ],
        Tokens =
        [
            "BM"u8.ToArray(), [40, 0, 0, 0], [108, 0, 0, 0], [124, 0, 0, 0], [12, 0, 0, 0], [1, 0, 1, 0], [1, 0, 4, 0], [1, 0, 8, 0],
            [1, 0, 16, 0, 3, 0, 0, 0], [1, 0, 32, 0, 3, 0, 0, 0], [1, 0, 0, 0], [54, 0, 0, 0], [0xFF, 0, 0, 0], [0, 0xFF, 0, 0],
        ],
    };

    /// <summary>GIF: has no checksum. A code of at least 3 bits stands for up to 4096 pixels of 4 bytes, color and gray.</summary>
    public static HostileReader Gif { get; } = Reader("gif", Guard.Length, (4096 * 8 / 3 * 8, 1 << 21)) with
    {
        Seeds = [PictureSeeds.Gif, PictureSeeds.TransparentGif],
        Tokens =
        [
            .. ModelReaders.Texts("GIF87a", "GIF89a", "NETSCAPE2.0"), [0x21, 0xF9, 4, 1, 0, 0, 0, 0], [0x21, 0xFE, 0], [0x2C], [0x3B],
            [0x80], [0x87], [0xC0], [2], [8], [12], [0xFF, 0xFF],
        ],
    };

    /// <summary>
    /// WebP: has no checksum. Its arithmetic code takes next to no bits for pixels of one color, so that time and memory are bounded by the
    /// limit of 67 million pixels, not by the length.
    /// </summary>
    public static HostileReader Webp { get; } = Reader("webp", Guard.Length, (0, 1_250_000_000)) with
    {
        // 67 million pixels at 0.2 µs, measured on the slowest file that was found, are 14 s.
        Slowest = TimeSpan.FromSeconds(20),
        Repair = Repairs.Webp,
        Seeds = [PictureSeeds.LossyWebp, PictureSeeds.LosslessWebp, PictureSeeds.AlphaWebp],
        Tokens =
        [
            .. ModelReaders.Texts("RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ALPH", "EXIF", "ANIM"), [0x9D, 0x01, 0x2A], [0x2F], [0x10],
            [0xFF, 0x3F], [10, 0, 0, 0], [0, 0, 0, 0],
        ],
    };

    private static HostileReader Reader(string name, Guard guard, (int PerByte, int Constant) memory) => new()
    {
        Name = name,
        Read = bytes =>
        {
            DecodedPicture picture = PictureFile.Decode(bytes);
            return () => PictureBytes.Png(picture);
        },
        Refusal = typeof(InvalidDataException),
        // The caller adds the file's name.
        Named = "",
        Seeds = [],
        Guard = guard,
        Memory = memory,
    };
}
