using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Rng;

/// <summary>Random numbers on the host, one after another, from the stream of a key.</summary>
public struct RandomSource(RandomKey key)
{
    private uint _element;

    /// <summary>The next 32 bits of the stream.</summary>
    public uint NextBits() => Philox.Bits(key, _element++);

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, all equally likely.</summary>
    /// <remarks>
    /// bits · bound / 2³² rounded down; products in the incomplete last interval are drawn again. Source: Lemire, "Fast random
    /// integer generation in an interval", 2019.
    /// </remarks>
    public int Below(int bound)
    {
        uint size = (uint)bound;
        uint rejected = (0u - size) % size;
        ulong product;
        do
        {
            product = (ulong)NextBits() * size;
        }
        while ((uint)product < rejected);

        return (int)(product >> 32);
    }
}
