using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>The header (IHDR) of a PNG file (ISO/IEC 15948, clause 11.2.2).</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits of a sample.</param>
/// <param name="ColorType">0 gray, 2 RGB, 3 palette, 4 gray with alpha, 6 RGB with alpha.</param>
/// <param name="IsInterlaced">Whether the pixels come in the seven passes of Adam7.</param>
internal sealed record PngHeader(int Width, int Height, int Depth, int ColorType, bool IsInterlaced)
{
    private const int Bytes = 13;
    private const int ColorTypeAt = 9;
    private const int LeastInterlaced = 5;

    /// <summary>Offsets and strides of columns and rows of each pass of Adam7.</summary>
    private static readonly (int X, int Y, int Dx, int Dy)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Whether pixels are gray, without an alpha channel, or palette indices.</summary>
    public bool HasOneSample => SamplesOf(ColorType) == 1;

    /// <summary>Whether each pixel has an alpha channel.</summary>
    public bool HasAlpha => ColorType is 4 or 6;

    /// <summary>Whether pixels are palette indices.</summary>
    public bool HasPalette => ColorType == 3;

    /// <summary>Uncompressed bytes of all rows, each with its filter byte.</summary>
    public long UnpackedLength => IsInterlaced
        ? Adam7.Sum(pass => LengthOf((Width - pass.X + pass.Dx - 1) / pass.Dx, (Height - pass.Y + pass.Dy - 1) / pass.Dy))
        : LengthOf(Width, Height);

    /// <summary>Parses the data of the chunk.</summary>
    /// <exception cref="InvalidDataException">The header violates the standard, or the picture is too large.</exception>
    public static PngHeader Read(ReadOnlySpan<byte> data)
    {
        if (data.Length != Bytes)
        {
            throw new InvalidDataException($"its header (IHDR) has {data.Length} bytes instead of {Bytes}.");
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[sizeof(uint)..]);
        (byte depth, byte colorType) = (data[ColorTypeAt - 1], data[ColorTypeAt]);
        bool isKnown = colorType switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        if (!isKnown || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new InvalidDataException(
                $"its header (IHDR) has depth {depth}, color type {colorType} and methods {data[10]}, {data[11]}, {data[12]}, which "
                + "the standard does not have.");
        }

        // The second pass of such a picture has no pixel, and ImageSharp 2.1.13 never ends then.
        if (data[12] == 1 && width is > 0 and < LeastInterlaced)
        {
            throw new InvalidDataException($"it is interlaced and has {width} columns, fewer than {LeastInterlaced}: save it without.");
        }

        PictureLimits.CheckSize(width, height, SamplesOf(colorType) * (depth == 16 ? 2 : 1));
        return new PngHeader((int)width, (int)height, depth, colorType, data[12] == 1);
    }

    /// <summary>Serializes the chunk's data, with palette indices declared as grays.</summary>
    public byte[] ToBytesOfGrays()
    {
        byte[] data = new byte[Bytes];
        BinaryPrimitives.WriteInt32BigEndian(data, Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(sizeof(int)), Height);
        data[ColorTypeAt - 1] = (byte)Depth;
        data[ColorTypeAt] = (byte)(HasPalette ? 0 : ColorType);
        data[^1] = (byte)(IsInterlaced ? 1 : 0);
        return data;
    }

    private long LengthOf(int width, int height)
    {
        long rowBytes = (((long)width * SamplesOf(ColorType) * Depth) + 7) / 8;
        return width == 0 ? 0 : height * (1 + rowBytes);
    }

    private static int SamplesOf(int colorType) => colorType switch
    {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    };
}
