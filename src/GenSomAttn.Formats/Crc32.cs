using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>CRC-32, the checksum in a gzip trailer and in PNG chunks.</summary>
/// <remarks>
/// Polynomial 0xEDB88320 (reflected), initial value and final inversion all ones. Source: RFC 1952, section 8. Eight bytes at a time:
/// M. Kounavis, F. Berry, "A systematic approach to building high performance, software-based, CRC generators", ISCC 2005. Byte by
/// byte, the checksum took as long as decompressing the data; eight at a time it takes a third of that.
/// </remarks>
internal struct Crc32
{
    private const int Entries = 256;
    private const int Stride = 8;

    // Table k, at offset k · 256: the contribution of a byte to the checksum when k zero bytes follow it.
    private static readonly uint[] Tables = MakeTables();

    // Inverted, so that the default value is the checksum of empty data.
    private uint _inverted;

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly uint Value => _inverted;

    /// <summary>Appends <paramref name="bytes"/> to the checksummed data.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint[] tables = Tables;
        uint state = ~_inverted;
        for (; bytes.Length >= Stride; bytes = bytes[Stride..])
        {
            // CRC is linear: each byte's contribution is one table lookup, indexed by the number of the eight bytes that follow it.
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ state;
            state = 0;
            for (int following = Stride - 1; following >= 0; following--)
            {
                state ^= tables[(following * Entries) + (byte)eight];
                eight >>= 8;
            }
        }

        foreach (byte value in bytes)
        {
            state = tables[(byte)(state ^ value)] ^ (state >> 8);
        }

        _inverted = ~state;
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[Stride * Entries];
        for (uint value = 0; value < Entries; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
            }

            tables[value] = state;
        }

        for (int index = Entries; index < tables.Length; index++)
        {
            uint oneLess = tables[index - Entries];
            tables[index] = tables[(byte)oneLess] ^ (oneLess >> 8);
        }

        return tables;
    }
}
