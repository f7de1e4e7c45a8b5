using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Rng;

/// <summary>Sequential random number generator on the host, over the stream of a key.</summary>
public struct RandomSource(RandomKey key)
{
    private uint _element;

    /// <summary>Returns the next 32 bits of the stream.</summary>
    public uint NextBits() => Philox.Bits(key, _element++);

    /// <summary>Draws a uniformly distributed integer from 0 to <paramref name="bound"/> - 1.</summary>
    /// <remarks>
    /// bits · bound / 2³² rounded down; products in the incomplete interval are rejected and drawn again. Source: Lemire, "Fast random
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
