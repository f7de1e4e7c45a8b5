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
    /// Reads the critical chunks strictly, and decompresses the pixel data once to check its length against the header. Of the ancillary
    /// chunks, transparency (tRNS) and orientation (eXIf) are read; texts and color spaces are skipped, as is what follows the end.
    /// </summary>
    /// <returns>
    /// The file with its header, transparency and pixels alone. Decoders do not check palette indices, so they are declared as grays, and
    /// the palette is given apart.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is damaged, violates the standard, or is too large.</exception>
    internal static CheckedPicture Read(ReadOnlySpan<byte> bytes)
    {
        PngHeader? header = null;
        (byte[] palette, byte[] transparency) = ([], []);
        int orientation = 1;
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
                return Finish(header!, palette, transparency, packed) with { Orientation = orientation };
            }
            else if (type.SequenceEqual("tRNS"u8))
            {
                transparency = data.ToArray();
            }
            else if (type.SequenceEqual("eXIf"u8))
            {
                orientation = ExifOrientation.Of(data);
            }
            else if (char.IsAsciiLetterUpper((char)type[0]))
            {
                throw new InvalidDataException("it has a chunk that no decoder may skip and that the standard does not know.");
            }
        }

        throw new InvalidDataException("a chunk of it is cut short or does not fit its checksum.");
    }

    private static CheckedPicture Finish(PngHeader header, byte[] palette, byte[] transparency, MemoryStream packed)
    {
        if (header.HasPalette && palette.Length == 0)
        {
            throw new InvalidDataException("its pixels are numbers of colors, but it has no palette (PLTE).");
        }

        packed.Position = 0;
        CheckLength(packed, header.UnpackedLength);

        // Of a gray or RGB picture, tRNS is the one color that is transparent, in 2 bytes a sample.
        bool hasKey = !header.HasPalette && !header.HasAlpha && transparency.Length == (header.HasOneSample ? 2 : 6);
        using MemoryStream file = new();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header.ToBytesOfGrays());
        if (hasKey)
        {
            WriteChunk(file, "tRNS"u8, transparency);
        }

        WriteChunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(file, "IEND"u8, []);
        int samples = header.HasAlpha || hasKey ? 4 : header.HasOneSample ? 1 : 3;
        return new CheckedPicture(file.ToArray(), header.Width, header.Height, samples, header.Depth == 16 ? 2 : 1)
        {
            Palette = header.HasPalette ? ColorsOf(palette, transparency) : [],
            PaletteBits = header.Depth,
        };
    }

    /// <summary>Joins the palette and the alpha values of its first colors; the other colors are opaque.</summary>
    private static byte[] ColorsOf(byte[] palette, byte[] transparency)
    {
        byte[] colors = new byte[palette.Length / 3 * 4];
        for (int color = 0; color < palette.Length / 3; color++)
        {
            palette.AsSpan(3 * color, 3).CopyTo(colors.AsSpan(4 * color));
            colors[(4 * color) + 3] = color < transparency.Length ? transparency[color] : (byte)255;
        }

        return colors;
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
