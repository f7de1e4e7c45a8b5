namespace GenSomAttn.Formats;

/// <summary>The bits of a lossless WebP image, from the lowest of each byte to the highest.</summary>
internal ref struct LosslessBits
{
    private readonly ReadOnlySpan<byte> _bytes;
    private long _position;

    /// <summary>Creates a reader at the first bit.</summary>
    /// <param name="bytes">The stream.</param>
    public LosslessBits(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads an integer, its lowest bit first.</summary>
    /// <param name="count">Number of bits.</param>
    /// <exception cref="InvalidDataException">The stream ends before.</exception>
    public int Read(int count)
    {
        int value = 0;
        for (int i = 0; i < count; i++, _position++)
        {
            if (_position >= 8L * _bytes.Length)
            {
                throw LosslessWebp.Damaged("ends too early");
            }

            value |= ((_bytes[(int)(_position >> 3)] >> (int)(_position & 7)) & 1) << i;
        }

        return value;
    }
}
