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
    private const int NoCompression = 0;
    private const int BitFields = 3;

    /// <summary>Returns whether the bytes begin with the signature of a BMP file.</summary>
    public static bool IsBmp(ReadOnlySpan<byte> bytes) => bytes.StartsWith("BM"u8);

    /// <summary>Checks that the file holds all pixels, and that each palette index is valid.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, of an unsupported kind or too large.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
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
        PictureLimits.CheckSize(width, height);
        bool isKnown = headerBytes is InfoHeaderBytes or 108 or 124 && planes == 1 && bits is 1 or 4 or 8 or 16 or 24 or 32
            && (compression == NoCompression || (compression == BitFields && bits is 16 or 32));
        if (!isKnown)
        {
            throw new InvalidDataException(
                $"it is a BMP file of a kind that is not known: header of {headerBytes} bytes, {planes} planes, {bits} bits a pixel, "
                + $"compression {compression}.");
        }

        bool hasMasksBehind = headerBytes == InfoHeaderBytes && compression == BitFields;
        long colorsAt = FileHeaderBytes + headerBytes + (hasMasksBehind ? MaskBytes : 0);
        long colors = (offset - colorsAt) / ColorBytes;
        bool hasPalette = bits <= 8;
        if (hasPalette ? colors is < 1 or > 256 : offset != colorsAt)
        {
            throw new InvalidDataException($"its pixels are said to begin at byte {offset}, which does not fit its header.");
        }

        int stride = ((width * bits) + 31) / 32 * 4;
        if (offset + (stride * height) > bytes.Length)
        {
            throw new InvalidDataException($"it has {bytes.Length} bytes, fewer than its {width} x {height} pixels take; it is cut short.");
        }

        for (int row = 0; hasPalette && row < height; row++)
        {
            CheckNumbers(bytes.Slice((int)offset + (row * stride), stride), width, bits, colors);
        }
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
