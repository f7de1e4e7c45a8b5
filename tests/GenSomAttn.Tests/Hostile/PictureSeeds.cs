using System.IO.Compression;
using GenSomAttn.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace GenSomAttn.Tests.Hostile;

/// <summary>Small valid pictures of every supported kind.</summary>
internal static class PictureSeeds
{
    /// <summary>17 x 11, RGB, baseline, chroma halved across.</summary>
    public static readonly byte[] BaselineJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAALABEDASEAAhEBAxEB/8QA"
        + "FwAAAwEAAAAAAAAAAAAAAAAAAAQFA//EACMQAAEDAwIHAAAAAAAAAAAAAAABAhEDBBIFkRMVIjJBUVL/xAAZAQABBQAAAAAAAAAAAAAAAAAFAQIDBAb/xAAi"
        + "EQACAQMCBwAAAAAAAAAAAAAAAQIEElEDFBEhMWGSobH/2gAMAwEAAhEDEQA/AJFvpmUdJQo6a3w2Rqttulz4k1JUjPLW/CbgJdo4XkgvuHkat6beH2oUKNNm"
        + "TUxSIK/WMV2X1mQpJM0hPSbAC9zq59INH//Z");

    /// <summary>16 x 9, gray, baseline, a restart marker after each of its four blocks but the last.</summary>
    public static readonly byte[] RestartJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "wAALCAAJABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABAX/xAAlEAAABQIEBwAAAAAAAAAAAAAAAQIDBQQREiIxQRM2UWGBgrL/3QAEAAH/2gAIAQEAAD8A"
        + "NHRWmUf/0G1FRSQ7RcbO+pOJtlOqtvBdz6Ha4//Rqx2w/9IM9zJVenwkf//Z");

    /// <summary>17 x 11, RGB, progressive, chroma halved both ways.</summary>
    public static readonly byte[] ProgressiveJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAALABEDASIAAhEBAxEB/8QA"
        + "FQABAQAAAAAAAAAAAAAAAAAABAD/xAAWAQEBAQAAAAAAAAAAAAAAAAACAwT/2gAMAwEAAhADEAAAARoUgAU+js//xAAaEAACAgMAAAAAAAAAAAAAAAAAAQID"
        + "EBMh/9oACAEBAAEFAo1irNZFcSx//8QAFxEAAwEAAAAAAAAAAAAAAAAAAAEDE//aAAgBAwEBPwGVmas//8QAGBEAAgMAAAAAAAAAAAAAAAAAAAESEyH/2gAI"
        + "AQIBAT8Blhej/8QAFBABAAAAAAAAAAAAAAAAAAAAIP/aAAgBAQAGPwJf/8QAGhAAAgMBAQAAAAAAAAAAAAAAAAERQVEQIf/aAAgBAQABPyGWheEcEUFSvOf/"
        + "2gAMAwEAAgADAAAAEMA//8QAFBEBAAAAAAAAAAAAAAAAAAAAEP/aAAgBAwEBPxAr/8QAGREAAwADAAAAAAAAAAAAAAAAAAEhMWGh/9oACAECAQE/EMErNXEf"
        + "/8QAGxAAAgIDAQAAAAAAAAAAAAAAABEBQSFRkWH/2gAIAQEAAT8QwhQY8PSgCIiQo1HD/9k=");

    /// <summary>16 x 9, gray, progressive.</summary>
    public static readonly byte[] GrayProgressiveJpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/"
        + "wgALCAAJABABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAwQF/9oACAEBAAAAASrTO//EABgQAAMBAQAAAAAAAAAAAAAAAAACAwE0/9oACAEBAAEFApyGZY5M"
        + "v0//xAAaEAABBQEAAAAAAAAAAAAAAAAAAQIQITFB/9oACAEBAAY/Ai94kOP/xAAaEAACAgMAAAAAAAAAAAAAAAAAAUGxEBFh/9oACAEBAAE/IeBJLraZwq0j"
        + "/9oACAEBAAAAEO//xAAdEAABAwUBAAAAAAAAAAAAAAABABFBEDFRYXGB/9oACAEBAAE/ELaAvWBDwbOCzqNBv//Z");

    private static readonly byte[] Pixels =
        [.. Enumerable.Range(0, 9 * 7 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : (i * 29 % 251) & 0xF0))];
    private static readonly byte[] ClearPixels = [.. Pixels.Select((value, i) => i % 4 == 3 && i % 5 == 0 ? (byte)0 : value)];

    /// <summary>9 x 7.</summary>
    public static byte[] Gif { get; } = Encode(Pixels, 9, 7, new GifEncoder());

    /// <summary>9 x 7, some pixels transparent.</summary>
    public static byte[] TransparentGif { get; } = Encode(ClearPixels, 9, 7, new GifEncoder());

    /// <summary>9 x 7, lossy.</summary>
    public static byte[] LossyWebp { get; } = Encode(Pixels, 9, 7, new WebpEncoder { FileFormat = WebpFileFormatType.Lossy });

    /// <summary>9 x 7, lossless.</summary>
    public static byte[] LosslessWebp { get; } = Encode(Pixels, 9, 7, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless });

    /// <summary>9 x 7, lossless, some pixels transparent.</summary>
    public static byte[] AlphaWebp { get; } = Encode(ClearPixels, 9, 7, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless });

    /// <summary>Encodes pixels, (height, width, 3 or 4), in a format of the library.</summary>
    public static byte[] Encode(byte[] pixels, int width, int height, IImageEncoder encoder)
    {
        using Image image = pixels.Length == width * height * 3
            ? Image.LoadPixelData<Rgb24>(pixels, width, height)
            : Image.LoadPixelData<Rgba32>(pixels, width, height);
        using MemoryStream stream = new();
        image.Save(stream, encoder);
        return stream.ToArray();
    }

    /// <summary>Makes a PNG file of pseudo-random pixels; the rows cycle through the five filters.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits of a sample.</param>
    /// <param name="colorType">0 gray, 2 RGB, 3 palette of as many colors as a pixel can name, 4 gray with alpha, 6 RGB with alpha.</param>
    /// <param name="level">Compression level.</param>
    public static byte[] Png(int width, int height, byte depth, byte colorType, CompressionLevel level = CompressionLevel.Optimal)
    {
        int samples = colorType switch
        {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        Random random = new(1);
        byte[] rows = new byte[height * (1 + (((width * samples * depth) + 7) / 8))];
        random.NextBytes(rows);
        for (int row = 0; row < height; row++)
        {
            rows[row * (rows.Length / height)] = (byte)(row % 5);
        }

        byte[] palette = new byte[3 << depth];
        random.NextBytes(palette);
        byte[] header = PictureBytes.Chunk("IHDR", PictureBytes.Header(width, height, depth, colorType));
        byte[] between = colorType == 3 ? PictureBytes.Chunk("PLTE", palette) : PictureBytes.Chunk("tEXt", "a\0b"u8.ToArray());
        byte[] pixels = PictureBytes.Chunk("IDAT", PictureBytes.Zlib(new MemoryStream(rows), level));
        return PictureBytes.PngOf(header, between, pixels, PictureBytes.Chunk("IEND", []));
    }

    /// <summary>Makes a BMP file of pseudo-random pixels; with 8 bits or fewer it has a full palette.</summary>
    public static byte[] Bmp(int width, int height, short bits)
    {
        byte[] palette = new byte[bits <= 8 ? 4 << bits : 0];
        int stride = ((width * bits) + 31) / 32 * 4;
        byte[] pixels = new byte[Math.Abs(height) * stride];
        Random random = new(1);
        random.NextBytes(palette);
        random.NextBytes(pixels);
        return PictureBytes.Bmp(width, height, bits, palette, pixels);
    }
}
