using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace GenSomAttn.Tests.Hostile;

/// <summary>Makes what a format checks fit a damaged content again, written apart from the program's own code.</summary>
internal static class Repairs
{
    private const int HeaderStart = 8;
    private const int HashDigits = 64;
    private const int GzipHeaderBytes = 10;
    private const int GzipTrailerBytes = 8;

    /// <summary>Lets the length of a safetensors header be that of its JSON and the spaces after it.</summary>
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

    /// <summary>The same for a checkpoint, whose hash is made to fit.</summary>
    public static byte[] Checkpoint(byte[] bytes) => Sign(Safetensors(bytes));

    /// <summary>Makes the hash fit that a checkpoint holds.</summary>
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

    /// <summary>Makes checksum and length in a gzip trailer fit what its data unpack to, as far as they do.</summary>
    public static byte[] Gzip(byte[] bytes)
    {
        if (bytes.Length < GzipHeaderBytes + GzipTrailerBytes)
        {
            return bytes;
        }

        byte[] content = Unpack(bytes);
        byte[] repaired = [.. bytes];
        Span<byte> trailer = repaired.AsSpan(repaired.Length - GzipTrailerBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
        return repaired;
    }

    /// <summary>The CRC-32 of gzip and PNG, a bit at a time.</summary>
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

    private static byte[] Unpack(byte[] bytes)
    {
        const int MostBytes = 1 << 16;
        byte[] content = new byte[MostBytes];
        int count = 0;
        try
        {
            using GZipStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
            for (int read; (read = stream.Read(content.AsSpan(count))) > 0;)
            {
                count += read;
            }
        }
        catch (InvalidDataException)
        {
            // The trailer is wrong, or the data are: what came before is the content.
        }

        return content[..count];
    }
}
