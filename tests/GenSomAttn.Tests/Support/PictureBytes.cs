using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;

namespace GenSomAttn.Tests.Support;

/// <summary>Hand-made picture files, valid and damaged.</summary>
internal static class PictureBytes
{
    /// <summary>Makes a gray PNG file of 8 bits per pixel.</summary>
    public static byte[] GrayPng(int width, int height, Func<int, int, int> pixel)
    {
        IEnumerable<byte> Row(int y) => Enumerable.Range(0, width).Select(x => (byte)pixel(x, y)).Prepend((byte)0);
        return Png(Header(width, height, 8, 0), [.. Enumerable.Range(0, height).SelectMany(Row)]);
    }

    /// <summary>Makes a PNG file of a picture, gray or RGB.</summary>
    public static byte[] Png(DecodedPicture picture)
    {
        int length = picture.Width * picture.Channels;
        return Png(
            Header(picture.Width, picture.Height, 8, (byte)(picture.Channels == 1 ? 0 : 2)),
            [.. Enumerable.Range(0, picture.Height).SelectMany(y => picture.Pixels.AsSpan(y * length, length).ToArray().Prepend((byte)0))]);
    }

    /// <summary>Makes a PNG file of a header and uncompressed rows, each after its filter byte, with chunks between.</summary>
    public static byte[] Png(byte[] header, byte[] rows, params byte[][] chunks) =>
        PngOf([Chunk("IHDR", header), .. chunks, Chunk("IDAT", Zlib(new MemoryStream(rows))), Chunk("IEND", [])]);

    /// <summary>Makes a PNG file of the signature and these chunks.</summary>
    public static byte[] PngOf(params byte[][] chunks) => [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. chunks.SelectMany(chunk => chunk)];

    /// <summary>Makes the data of IHDR.</summary>
    public static byte[] Header(int width, int height, byte depth, byte colorType, byte interlace = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = (depth, colorType, interlace);
        return data;
    }

    /// <summary>Makes a chunk with a valid checksum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] typeAndData = [.. Encoding.ASCII.GetBytes(type), .. data];
        byte[] numbers = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(numbers, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(numbers.AsSpan(4), Repairs.Crc32(typeAndData));
        return [.. numbers[..4], .. typeAndData, .. numbers[4..]];
    }

    /// <summary>Compresses with zlib.</summary>
    public static byte[] Zlib(Stream content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream packed = new();
        using (ZLibStream stream = new(packed, level, leaveOpen: true))
        {
            content.CopyTo(stream);
        }

        return packed.ToArray();
    }

    /// <summary>100 MB of zeros, compressed about 1000 to 1.</summary>
    public static byte[] Bomb() => Zlib(new MemoryStream(new byte[100_000_000]));

    /// <summary>
    /// Makes a BMP file with a header of 40 bytes: after it masks or palette, then rows from the bottom, padded to 4 bytes each.
    /// </summary>
    public static byte[] Bmp(int width, int height, short bits, byte[] table, byte[] rows, int compression = 0)
    {
        byte[] header = new byte[54];
        "BM"u8.CopyTo(header);
        int offset = header.Length + table.Length;
        (int At, int Value)[] fields =
            [(2, offset + rows.Length), (10, offset), (14, 40), (18, width), (22, height), (26, 1 | (bits << 16)), (30, compression)];
        foreach ((int at, int value) in fields)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(at), value);
        }

        return [.. header, .. table, .. rows];
    }

    /// <summary>
    /// Makes a gray JPEG file with one gray per block of 8 x 8. In its scans a block is 10 and four bits for a difference to the previous
    /// block of 8 to 15 (1000 to 1111) or -15 to -8 (0000 to 0111), or 0 for no difference; then 0 for the end of the block in scans with
    /// AC coefficients.
    /// </summary>
    /// <param name="frame">C0 baseline, C2 progressive.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="interval">Blocks between restart markers, 0 for none.</param>
    /// <param name="scans">Each with its header.</param>
    public static byte[] Jpeg(byte frame, int width, int height, byte interval, params byte[][] scans)
    {
        byte[] none = new byte[14];
        return
        [
            0xFF, 0xD8,
            0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64),
            0xFF, frame, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
            0xFF, 0xC4, 0, 21, 0x00, 1, 1, .. none, 0, 4,
            0xFF, 0xC4, 0, 20, 0x10, 1, 0, .. none, 0,
            .. interval > 0 ? (byte[])[0xFF, 0xDD, 0, 4, 0, interval] : [],
            .. scans.SelectMany(scan => scan),
            0xFF, 0xD9,
        ];
    }

    /// <summary>Makes a scan of the one component.</summary>
    public static byte[] Scan(byte first, byte last, byte bits, params byte[] coded) =>
        [0xFF, 0xDA, 0, 8, 1, 1, 0, first, last, bits, .. coded];
}
