using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace GenSomAttn.Tests.Hostile;

/// <summary>Repairs of lengths, hashes and checksums of damaged files, independent of the program's own code.</summary>
internal static class Repairs
{
    private const int HeaderStart = 8;
    private const int HashDigits = 64;
    private const int GzipHeaderBytes = 10;
    private const int GzipTrailerBytes = 8;
    private const int ZlibFrameBytes = 6;

    /// <summary>Sets the length of a safetensors header to that of its JSON and the spaces after it.</summary>
    public static byte[] Safetensors(byte[] bytes)
    {
        int end = JsonText.Find(bytes).Where(place => place.Start == HeaderStart).Select(place => place.End).LastOrDefault(-1);
        if (end < 0)
        {
            return bytes;
        }

        while ((end < bytes.Length) && (bytes[end] == (byte)' '))
        {
            end++;
        }

        byte[] repaired = [.. bytes];
        BinaryPrimitives.WriteInt64LittleEndian(repaired, end - HeaderStart);
        return repaired;
    }

    /// <summary>Repairs the header length and the hash of a checkpoint.</summary>
    public static byte[] Checkpoint(byte[] bytes) => Sign(Safetensors(bytes));

    /// <summary>Repairs the hash of a checkpoint.</summary>
    public static byte[] Sign(byte[] bytes)
    {
        ReadOnlySpan<byte> key = "\"sha256\":\""u8;
        int at = bytes.AsSpan().IndexOf(key) + key.Length;
        if ((at < key.Length) || (at + HashDigits > bytes.Length))
        {
            return bytes;
        }

        byte[] signed = [.. bytes];
        Span<byte> hash = signed.AsSpan(at, HashDigits);
        hash.Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(signed)), hash);
        return signed;
    }

    /// <summary>Repairs checksum and length in a gzip trailer for the decompressed data.</summary>
    public static byte[] Gzip(byte[] bytes)
    {
        if (bytes.Length < GzipHeaderBytes + GzipTrailerBytes)
        {
            return bytes;
        }

        byte[] content = Inflate(bytes.AsSpan(GzipDataStart(bytes)));
        byte[] repaired = [.. bytes];
        Span<byte> trailer = repaired.AsSpan(repaired.Length - GzipTrailerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
        return repaired;
    }

    /// <summary>Repairs the checksums of the chunks of a PNG file, and that of its pixels if they are in one chunk.</summary>
    public static byte[] Png(byte[] bytes)
    {
        const int FirstChunk = 8;
        const int FrameBytes = 12;
        byte[] repaired = [.. bytes];
        for (int at = FirstChunk; at + FrameBytes <= repaired.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(repaired.AsSpan(at));
            if (length > repaired.Length - at - FrameBytes)
            {
                break;
            }

            Span<byte> data = repaired.AsSpan(at + 8, (int)length);
            if (repaired.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8) && (length > ZlibFrameBytes))
            {
                BinaryPrimitives.WriteUInt32BigEndian(data[^4..], Adler32(Inflate(data[2..])));
            }

            BinaryPrimitives.WriteUInt32BigEndian(
                repaired.AsSpan(at + 8 + (int)length), Crc32(repaired.AsSpan(at + 4, 4 + (int)length)));
            at += FrameBytes + (int)length;
        }

        return repaired;
    }

    /// <summary>Repairs checksums and lengths in the central directory of a zip archive.</summary>
    public static byte[] Zip(byte[] bytes)
    {
        const int EntryBytes = 46;
        const int LocalBytes = 30;
        byte[] repaired = [.. bytes];
        for (int at = 0; at + EntryBytes <= bytes.Length; at++)
        {
            uint local = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 42));
            if (!bytes.AsSpan(at).StartsWith("PK\x01\x02"u8) || local + LocalBytes > at)
            {
                continue;
            }

            int start = (int)local;
            long data = start + LocalBytes + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(start + 26))
                + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(start + 28));
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 20));
            if (data + length <= at)
            {
                byte[] stored = bytes[(int)data..(int)(data + length)];
                byte[] content = bytes[at + 10] == 0 ? stored : Inflate(stored);
                BinaryPrimitives.WriteUInt32LittleEndian(repaired.AsSpan(at + 16), Crc32(content));
                BinaryPrimitives.WriteUInt32LittleEndian(repaired.AsSpan(at + 24), (uint)content.Length);
            }
        }

        return repaired;
    }

    /// <summary>Computes the CRC-32 of gzip, PNG and zip, bit by bit.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte value in bytes)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
            }
        }

        return ~state;
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65521;
        (uint low, uint high) = (1, 0);
        foreach (byte value in bytes)
        {
            low = (low + value) % Modulus;
            high = (high + low) % Modulus;
        }

        return (high << 16) | low;
    }

    /// <summary>
    /// Returns the start of the compressed data of a gzip file (RFC 1952, section 2.3); the file's length if there are none.
    /// </summary>
    private static int GzipDataStart(byte[] bytes)
    {
        int flags = bytes[3];
        int at = GzipHeaderBytes;
        if ((flags & 4) != 0)
        {
            at += 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
        }

        foreach (int text in (int[])[8, 16])
        {
            if ((flags & text) != 0)
            {
                int end = at < bytes.Length ? Array.IndexOf(bytes, (byte)0, at) : -1;
                at = end < 0 ? bytes.Length : end + 1;
            }
        }

        return Math.Min(at + (flags & 2), bytes.Length);
    }

    /// <summary>Decompresses deflate data; returns nothing if they are damaged.</summary>
    private static byte[] Inflate(ReadOnlySpan<byte> bytes)
    {
        const int MaxBytes = 1 << 16;
        byte[] content = new byte[MaxBytes];
        using DeflateStream stream = new(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        try
        {
            return content[..stream.ReadAtLeast(content, MaxBytes, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>Repairs the lengths of the container and of its first chunk, and makes the picture at most 256 x 256.</summary>
    public static byte[] Webp(byte[] bytes)
    {
        const int ChunkAt = 12;
        const int DataAt = 20;
        if (bytes.Length < DataAt + 10)
        {
            return bytes;
        }

        byte[] repaired = [.. bytes];
        BinaryPrimitives.WriteInt32LittleEndian(repaired.AsSpan(4), bytes.Length - 8);
        if (bytes.AsSpan(ChunkAt).StartsWith("VP8 "u8))
        {
            BinaryPrimitives.WriteInt32LittleEndian(repaired.AsSpan(ChunkAt + 4), bytes.Length - DataAt);
            (repaired[DataAt + 7], repaired[DataAt + 9]) = (0, 0);
        }
        else if (bytes.AsSpan(ChunkAt).StartsWith("VP8L"u8))
        {
            // Width - 1 in 14 bits, then height - 1 in 14 bits, alpha, and the version in 3 bits.
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(DataAt + 1));
            BinaryPrimitives.WriteInt32LittleEndian(repaired.AsSpan(ChunkAt + 4), bytes.Length - DataAt);
            BinaryPrimitives.WriteUInt32LittleEndian(repaired.AsSpan(DataAt + 1), bits & 0x103F_C0FF);
        }

        return repaired;
    }
}
