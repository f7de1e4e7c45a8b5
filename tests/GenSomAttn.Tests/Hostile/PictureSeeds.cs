using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GenSomAttn.Tests.Hostile;

/// <summary>Small valid pictures of every kind that is read.</summary>
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

    /// <summary>A PNG file of pseudo-random pixels; each row has the next of the five filters.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits of a sample.</param>
    /// <param name="colorType">0 gray, 2 RGB, 3 palette of as many colors as a pixel can name, 4 gray with alpha, 6 RGB with alpha.</param>
    /// <param name="level">How well the pixels are packed.</param>
    public static byte[] Png(int width, int height, int depth, int colorType, CompressionLevel level = CompressionLevel.Optimal)
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

        byte[] palette = new byte[colorType == 3 ? 3 << depth : 0];
        random.NextBytes(palette);
        return PngOf(width, height, depth, colorType, rows, level, palette);
    }

    /// <summary>A PNG file of rows, each behind the byte of its filter, that fit the sizes or not.</summary>
    public static byte[] PngOf(int width, int height, int depth, int colorType, byte[] rows, CompressionLevel level, byte[]? palette = null)
    {
        byte[] header = [.. Big(width), .. Big(height), (byte)depth, (byte)colorType, 0, 0, 0];
        return
        [
            0x89, .. "PNG\r\n\x1A\n"u8, .. Chunk("IHDR", header), .. palette is { Length: > 0 } ? Chunk("PLTE", palette) : [],
            .. Chunk("tEXt", "a\0b"u8.ToArray()), .. Chunk("IDAT", Deflate(rows, level)), .. Chunk("IEND", []),
        ];
    }

    /// <summary>A gray PNG file.</summary>
    public static byte[] GrayPng(int width, int height, byte[] pixels)
    {
        byte[] rows = new byte[height * (1 + width)];
        for (int row = 0; row < height; row++)
        {
            pixels.AsSpan(row * width, width).CopyTo(rows.AsSpan((row * (1 + width)) + 1));
        }

        return PngOf(width, height, 8, 0, rows, CompressionLevel.Fastest);
    }

    /// <summary>A gray JPEG file of one byte of pixels: zero bits, one for "as before" and one for "nothing else", for ever.</summary>
    public static byte[] FlatJpeg(ushort width, ushort height)
    {
        byte[] table = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];
        byte[] codes = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] jpeg =
        [
            0xFF, 0xD8, .. table, 0xFF, 0xC0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0, 0xFF, 0xC4, 0, 20, 0, .. codes, 0xFF, 0xC4, 0, 20, 0x10,
            .. codes, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0, 0xFF, 0xD9,
        ];
        return JpegOfSize(jpeg, width, height);
    }

    /// <summary>A JPEG file whose frame is said to have another size.</summary>
    public static byte[] JpegOfSize(byte[] jpeg, ushort width, ushort height)
    {
        byte[] result = [.. jpeg];
        int frame = Math.Max(jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]), jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC2]));
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(frame + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(frame + 7), width);
        return result;
    }

    /// <summary>A BMP file of pseudo-random pixels, of 8 bits or fewer with as many colors as a pixel can name.</summary>
    public static byte[] Bmp(int width, int height, int bits)
    {
        byte[] palette = new byte[bits <= 8 ? 4 << bits : 0];
        int stride = ((width * bits) + 31) / 32 * 4;
        byte[] pixels = new byte[Math.Abs(height) * stride];
        Random random = new(1);
        random.NextBytes(palette);
        random.NextBytes(pixels);
        int offset = 54 + palette.Length;
        return
        [
            .. "BM"u8, .. Little(offset + pixels.Length), .. Little(0), .. Little(offset), .. Little(40), .. Little(width), .. Little(height),
            1, 0, (byte)bits, 0, .. Little(0), .. Little(pixels.Length), .. Little(0), .. Little(0), .. Little(0), .. Little(0),
            .. palette, .. pixels,
        ];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] typeAndData = [.. Encoding.ASCII.GetBytes(type), .. data];
        return [.. Big(data.Length), .. typeAndData, .. Big((int)Repairs.Crc32(typeAndData))];
    }

    private static byte[] Deflate(byte[] rows, CompressionLevel level)
    {
        using MemoryStream packed = new();
        using (ZLibStream stream = new(packed, level, leaveOpen: true))
        {
            stream.Write(rows);
        }

        return packed.ToArray();
    }

    private static byte[] Big(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Little(int number)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
