using System.Buffers.Binary;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Files;

/// <summary>The frame of a PNG file: signature, and chunks of length, type, data and CRC-32 (ISO/IEC 15948, clause 5).</summary>
internal static class PngFile
{
    private const int FrameBytes = 12;
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether every byte is as it was written: each is covered by a checksum, or is a part of the frame.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Signature))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = bytes[Signature.Length..];
        while (rest.Length >= FrameBytes)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - FrameBytes)
            {
                return false;
            }

            ReadOnlySpan<byte> typeAndData = rest.Slice(4, 4 + (int)length);
            rest = rest[(8 + (int)length)..];
            var checksum = default(Crc32);
            checksum.Append(typeAndData);
            if (checksum.Value != BinaryPrimitives.ReadUInt32BigEndian(rest))
            {
                return false;
            }

            rest = rest[4..];
            if (typeAndData.StartsWith("IEND"u8))
            {
                return rest.IsEmpty;
            }
        }

        return false;
    }
}
