using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Validator of BMP headers: the format has no checksum, and a decoder reads missing data as black. Supported are uncompressed pictures
/// with a Windows header (BITMAPINFOHEADER, V4, V5) and 1, 4, 8, 16, 24 or 32 bits per pixel.
/// </summary>
internal static class BmpFile
{
    private const int FileHeaderBytes = 14;
    private const int InfoHeaderBytes = 40;
    private const int MaskBytes = 12;
    private const int ColorBytes = 4;
    private const int RgbaBytes = 4;
    private const int ColorsAt = 46;
    private const int AlphaMaskAt = 66;
    private const int NoCompression = 0;
    private const int BitFields = 3;

    /// <summary>Returns whether the bytes begin with the signature of a BMP file.</summary>
    public static bool IsBmp(ReadOnlySpan<byte> bytes) => bytes.StartsWith("BM"u8);

    /// <summary>Checks that the file holds all pixels, and that each palette index is valid.</summary>
    /// <returns>The file without bytes before and behind its pixels, and without a palette where its pixels are colors.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, of an unsupported kind or too large.</exception>
    public static CheckedPicture Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FileHeaderBytes + InfoHeaderBytes)
        {
            throw new InvalidDataException("it ends within its header.");
        }

        long offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        uint headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]);
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[18..]);
        long height = Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes[22..]));
        ushort planes = BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]);
        ushort bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        PictureLimits.CheckSize(width, height, RgbaBytes);
        bool isKnown = headerBytes is InfoHeaderBytes or 108 or 124 && planes == 1 && bits is 1 or 4 or 8 or 16 or 24 or 32
            && (compression == NoCompression || (compression == BitFields && bits is 16 or 32));
        if (!isKnown)
        {
            throw new InvalidDataException(
                $"it is a BMP file of a kind that is not known: header of {headerBytes} bytes, {planes} planes, {bits} bits a pixel, "
                + $"compression {compression}.");
        }

        bool hasMasksBehind = headerBytes == InfoHeaderBytes && compression == BitFields;
        int colorsAt = FileHeaderBytes + (int)headerBytes + (hasMasksBehind ? MaskBytes : 0);
        bool hasPalette = bits <= 8;

        // The palette of a picture of colors is a hint for old displays. A gap before the pixels is allowed.
        long colors = hasPalette ? Math.Min(1 << bits, (offset - colorsAt) / ColorBytes) : 0;
        if (offset > bytes.Length || offset < colorsAt || (hasPalette && colors < 1))
        {
            throw new InvalidDataException($"its pixels are said to begin at byte {offset}, which does not fit its header.");
        }

        long stride = (((long)width * bits) + 31) / 32 * 4;
        if (offset + (stride * height) > bytes.Length)
        {
            throw new InvalidDataException($"it has {bytes.Length} bytes, fewer than its {width} x {height} pixels take; it is cut short.");
        }

        for (int row = 0; hasPalette && row < height; row++)
        {
            CheckNumbers(bytes.Slice((int)(offset + (row * stride)), (int)stride), width, bits, colors);
        }

        bool hasAlpha = bits == 32 && compression == BitFields && headerBytes > InfoHeaderBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[AlphaMaskAt..]) != 0;
        int paletteEnd = colorsAt + ((int)colors * ColorBytes);
        byte[] plain = [.. bytes[..paletteEnd], .. bytes.Slice((int)offset, (int)(stride * height))];
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(2), plain.Length);
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(10), paletteEnd);
        BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(ColorsAt), (int)colors);
        return new CheckedPicture(plain, width, (int)height, hasAlpha ? 4 : 3);
    }

    /// <summary>Checks the palette indices of one row.</summary>
    private static void CheckNumbers(ReadOnlySpan<byte> row, int width, int bits, long colors)
    {
        int perByte = 8 / bits;
        for (int x = 0; x < width; x++)
        {
            int number = (row[x / perByte] >> (8 - bits - (x % perByte * bits))) & ((1 << bits) - 1);
            if (number >= colors)
            {
                throw new InvalidDataException($"a pixel has color {number} of a palette of {colors}.");
            }
        }
    }
}
