using System.Buffers.Binary;

namespace GenSomAttn.Model.Data;

/// <summary>The checksum in a gzip trailer.</summary>
/// <remarks>
/// Polynomial 0xEDB88320 (reflected), initial value and final inversion all ones. Source: RFC 1952, section 8. Eight bytes at a time:
/// M. Kounavis, F. Berry, "A systematic approach to building high performance, software-based, CRC generators", ISCC 2005. Byte by
/// byte, the checksum took as long as unpacking the data; so it takes a third of that.
/// </remarks>
internal struct Crc32
{
    private const int Entries = 256;
    private const int Stride = 8;

    // Table k, from k · 256 on: what a byte does to the checksum when k more bytes, all zero, follow it.
    private static readonly uint[] Tables = MakeTables();

    // Inverted, so that the default value is the checksum of nothing.
    private uint _inverted;

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly uint Value => _inverted;

    /// <summary>Goes on with <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint[] tables = Tables;
        uint state = ~_inverted;
        for (; bytes.Length >= Stride; bytes = bytes[Stride..])
        {
            // The checksum is linear: each byte's effect can be looked up alone, by how many of the eight follow it.
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
