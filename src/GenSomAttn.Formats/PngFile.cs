using System.Buffers.Binary;
using System.IO.Compression;

namespace GenSomAttn.Formats;

/// <summary>Datastream of a PNG file: signature, and chunks of length, type, data and CRC-32 (ISO/IEC 15948, clause 5).</summary>
public static class PngFile
{
    private const int FrameBytes = 12;
    private const int TypeBytes = 4;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Returns whether the bytes begin with the signature of a PNG file.</summary>
    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>Returns whether all chunks are complete and match their checksums, up to the end of the file.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes)
    {
        if (!IsPng(bytes))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = bytes[Signature.Length..];
        while (TryReadChunk(ref rest, out ReadOnlySpan<byte> typeAndData))
        {
            if (typeAndData.StartsWith("IEND"u8))
            {
                return rest.IsEmpty;
            }
        }

        return false;
    }

    /// <summary>
    /// Reads the critical chunks strictly, and decompresses the pixel data once to check its length against the header. Ancillary chunks
    /// (texts, color spaces, transparency) are skipped.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged, violates the standard, or is too large.</exception>
    internal static PngContent Read(ReadOnlySpan<byte> bytes)
    {
        PngHeader? header = null;
        byte[] palette = [];
        using MemoryStream packed = new();
        ReadOnlySpan<byte> rest = bytes[Signature.Length..];
        while (TryReadChunk(ref rest, out ReadOnlySpan<byte> typeAndData))
        {
            ReadOnlySpan<byte> type = typeAndData[..TypeBytes];
            ReadOnlySpan<byte> data = typeAndData[TypeBytes..];
            if ((header is null) != type.SequenceEqual("IHDR"u8))
            {
                throw new InvalidDataException("it does not have its header (IHDR) once, as the first chunk.");
            }

            if (type.SequenceEqual("IHDR"u8))
            {
                header = PngHeader.Read(data);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = palette.Length == 0 && data.Length % 3 == 0 && data.Length is > 0 and <= 3 * 256
                    ? data.ToArray()
                    : throw new InvalidDataException("its palette (PLTE) is there twice, or not of 1 to 256 colors.");
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return Finish(header!, palette, packed, rest);
            }
            else if (char.IsAsciiLetterUpper((char)type[0]))
            {
                throw new InvalidDataException("it has a chunk that no decoder may skip and that the standard does not know.");
            }
        }

        throw new InvalidDataException("a chunk of it is cut short or does not fit its checksum.");
    }

    /// <summary>Serializes a file with a header and pixel data alone.</summary>
    internal static byte[] ToBytes(ReadOnlySpan<byte> header, ReadOnlySpan<byte> packed)
    {
        using MemoryStream file = new();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, packed);
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static PngContent Finish(PngHeader header, byte[] palette, MemoryStream packed, ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            throw new InvalidDataException("something follows its end (IEND).");
        }

        if (header.HasPalette && palette.Length == 0)
        {
            throw new InvalidDataException("its pixels are numbers of colors, but it has no palette (PLTE).");
        }

        packed.Position = 0;
        CheckLength(packed, header.UnpackedLength);
        return new PngContent(header, palette, packed.ToArray());
    }

    /// <summary>Decompresses without storing, at most one buffer beyond the expected length, and checks the length.</summary>
    private static void CheckLength(Stream packed, long expected)
    {
        long length = 0;
        try
        {
            byte[] piece = new byte[1 << 16];
            using ZLibStream unpacked = new(packed, CompressionMode.Decompress, leaveOpen: true);
            for (int read = -1; read != 0 && length <= expected; length += read)
            {
                read = unpacked.Read(piece);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            // IOException: the zlib header requires a preset dictionary; nothing is read from a disk here.
            throw new InvalidDataException("its compressed pixels (IDAT) are damaged.", exception);
        }

        if (length != expected)
        {
            throw new InvalidDataException(
                $"its pixels (IDAT) are {(length < expected ? $"{length} bytes, fewer" : "more")} than the {expected} of its header.");
        }
    }

    private static bool TryReadChunk(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> typeAndData)
    {
        typeAndData = default;
        if (rest.Length < FrameBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - FrameBytes)
        {
            return false;
        }

        typeAndData = rest.Slice(sizeof(uint), TypeBytes + (int)length);
        rest = rest[(FrameBytes - sizeof(uint) + (int)length)..];
        uint checksum = BinaryPrimitives.ReadUInt32BigEndian(rest);
        rest = rest[sizeof(uint)..];
        return ChecksumOf(typeAndData) == checksum;
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        byte[] typeAndData = [.. type, .. data];
        BinaryPrimitives.WriteUInt32BigEndian(number, (uint)data.Length);
        file.Write(number);
        file.Write(typeAndData);
        BinaryPrimitives.WriteUInt32BigEndian(number, ChecksumOf(typeAndData));
        file.Write(number);
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> typeAndData)
    {
        var checksum = default(Crc32);
        checksum.Append(typeAndData);
        return checksum.Value;
    }
}

/// <summary>Header, palette and pixel data of a PNG file.</summary>
/// <param name="Header">Sizes and kind of pixels.</param>
/// <param name="Palette">Red, green and blue of each color; empty without a palette.</param>
/// <param name="Packed">Concatenated data of all IDAT chunks, a zlib stream of the length that follows from the header.</param>
internal sealed record PngContent(PngHeader Header, byte[] Palette, byte[] Packed);
