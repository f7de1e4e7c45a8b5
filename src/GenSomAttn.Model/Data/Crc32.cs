namespace GenSomAttn.Model.Data;

/// <summary>The checksum in a gzip trailer.</summary>
/// <remarks>Polynomial 0xEDB88320 (reflected), initial value and final inversion all ones. Source: RFC 1952, section 8.</remarks>
internal struct Crc32
{
    private static readonly uint[] Table = MakeTable();

    // Inverted, so that the default value is the checksum of nothing.
    private uint _inverted;

    /// <summary>The checksum of everything appended so far.</summary>
    public readonly uint Value => _inverted;

    /// <summary>Goes on with <paramref name="bytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = ~_inverted;
        foreach (byte value in bytes)
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _inverted = ~state;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint index = 0; index < 256; index++)
        {
            uint state = index;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
            }

            table[index] = state;
        }

        return table;
    }
}
