using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Validator of the structure of a WebP file (RFC 9649), which keeps its image chunks alone. The format has no checksum: truncation is
/// found, a changed byte shows as a changed picture.
/// </summary>
internal static class WebpFile
{
    private const int RiffHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int LossyHeaderBytes = 10;
    private const int LosslessHeaderBytes = 5;
    private const int ExtendedHeaderBytes = 10;
    private const int AnimationFlag = 2;
    private const int AlphaFlag = 0x10;
    private const int AlphaCompression = 3;
    private const int LosslessAlpha = 1;

    // Few bytes may hold many pixels, so time is bounded by the size: 67 megapixels of one color take 4 to 5 s, and 46 megapixels of a
    // crafted lossy file of 252 bytes 9 s. They take 4 bytes, and as much again for the transforms of lossless pictures or the planes of
    // lossy ones.
    private const int DecoderBytes = 16;

    /// <summary>Returns whether the bytes begin with the signature of a WebP file.</summary>
    public static bool IsWebp(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= RiffHeaderBytes && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    /// <summary>Checks the structure; what follows the RIFF container is ignored.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, animated or too large.</exception>
    public static CheckedPicture Read(ReadOnlySpan<byte> bytes)
    {
        long length = ChunkHeaderBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (length > bytes.Length || length < RiffHeaderBytes)
        {
            throw new InvalidDataException($"it has {bytes.Length} bytes and says that it has {length}; it is cut short or damaged.");
        }

        ReadOnlySpan<byte> rest = bytes[RiffHeaderBytes..(int)length];
        ReadOnlySpan<byte> alpha = default;
        (int Width, int Height)? canvas = null;
        CheckedPicture? picture = null;
        int orientation = 1;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> chunk = TakeChunk(ref rest);
            ReadOnlySpan<byte> data = chunk[ChunkHeaderBytes..];
            if (chunk.StartsWith("VP8X"u8))
            {
                canvas = ReadExtended(data);
            }
            else if (chunk.StartsWith("ALPH"u8) && canvas is not null)
            {
                alpha = chunk;
            }
            else if (chunk.StartsWith("VP8 "u8) || chunk.StartsWith("VP8L"u8))
            {
                picture ??= ReadImage(chunk, alpha, canvas);
            }
            else if (chunk.StartsWith("EXIF"u8))
            {
                orientation = ExifOrientation.Of(data.StartsWith("Exif\0\0"u8) ? data[6..] : data);
            }
        }

        return picture is null
            ? throw new InvalidDataException("it holds no image.")
            : picture with { Orientation = orientation };
    }

    /// <summary>Takes a chunk with its header, without the byte that pads it to an even length.</summary>
    private static ReadOnlySpan<byte> TakeChunk(scoped ref ReadOnlySpan<byte> rest)
    {
        uint length = rest.Length < ChunkHeaderBytes ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
        if (length > rest.Length - ChunkHeaderBytes)
        {
            throw new InvalidDataException("a chunk of it is cut short.");
        }

        ReadOnlySpan<byte> chunk = rest[..(ChunkHeaderBytes + (int)length)];
        rest = rest[Math.Min(rest.Length, chunk.Length + (chunk.Length & 1))..];
        return chunk;
    }

    private static (int Width, int Height) ReadExtended(ReadOnlySpan<byte> data)
    {
        if (data.Length < ExtendedHeaderBytes)
        {
            throw new InvalidDataException("its header (VP8X) is cut short.");
        }

        if ((data[0] & AnimationFlag) != 0)
        {
            throw new InvalidDataException("it is an animated WebP file, which is not read: save one of its frames as PNG.");
        }

        return (1 + Number(data, 4), 1 + Number(data, 7));

        static int Number(ReadOnlySpan<byte> data, int at) => data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);
    }

    /// <summary>Reads the header of the image chunk and makes a file of it alone, with its alpha chunk if it has one.</summary>
    private static CheckedPicture ReadImage(ReadOnlySpan<byte> chunk, ReadOnlySpan<byte> alpha, (int Width, int Height)? canvas)
    {
        ReadOnlySpan<byte> data = chunk[ChunkHeaderBytes..];
        bool isLossless = chunk[3] == 'L';
        (int width, int height) = isLossless ? SizeOfLossless(data) : SizeOfLossy(data);
        PictureLimits.CheckSize(width, height, DecoderBytes);
        if (canvas is { } size && size != (width, height))
        {
            throw new InvalidDataException($"its header (VP8X) says {size.Width} x {size.Height} pixels, its image {width} x {height}.");
        }

        if (isLossless)
        {
            LosslessWebp.CheckGroups(data[LosslessHeaderBytes..], width, height);
        }
        else if (alpha.Length > ChunkHeaderBytes && (alpha[ChunkHeaderBytes] & AlphaCompression) == LosslessAlpha)
        {
            LosslessWebp.CheckGroups(alpha[(ChunkHeaderBytes + 1)..], width, height);
        }

        bool hasAlpha = isLossless ? (data[4] & AlphaFlag) != 0 : !alpha.IsEmpty;
        byte[] extended = new byte[ChunkHeaderBytes + ExtendedHeaderBytes];
        "VP8X"u8.CopyTo(extended);
        extended[4] = ExtendedHeaderBytes;
        extended[ChunkHeaderBytes] = AlphaFlag;
        BinaryPrimitives.WriteInt32LittleEndian(extended.AsSpan(12), width - 1);
        BinaryPrimitives.WriteInt16LittleEndian(extended.AsSpan(15), (short)(height - 1));
        using MemoryStream file = new();
        file.Write("RIFF    WEBP"u8);
        if (!isLossless && hasAlpha)
        {
            file.Write(extended);
            WritePadded(file, alpha);
        }

        WritePadded(file, chunk);
        byte[] bytes = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - ChunkHeaderBytes);
        return new CheckedPicture(bytes, width, height, hasAlpha ? 4 : 3);
    }

    private static void WritePadded(MemoryStream file, ReadOnlySpan<byte> chunk)
    {
        file.Write(chunk);
        if (chunk.Length % 2 != 0)
        {
            file.WriteByte(0);
        }
    }

    private static (int Width, int Height) SizeOfLossless(ReadOnlySpan<byte> data)
    {
        if (data.Length < LosslessHeaderBytes || data[0] != 0x2F || data[4] >> 5 != 0)
        {
            throw new InvalidDataException("the header of its lossless image (VP8L) is damaged.");
        }

        uint bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
        return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
    }

    private static (int Width, int Height) SizeOfLossy(ReadOnlySpan<byte> data)
    {
        // A key frame (bit 0 is 0) that is shown, then the length of its first partition, in 19 bits.
        int tag = data.Length < LossyHeaderBytes ? 1 : data[0] | (data[1] << 8) | (data[2] << 16);
        if ((tag & 1) != 0 || !data[3..].StartsWith<byte>([0x9D, 0x01, 0x2A]) || (tag >> 5) > data.Length - LossyHeaderBytes)
        {
            throw new InvalidDataException("the header of its lossy image (VP8) is damaged.");
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
    }
}
