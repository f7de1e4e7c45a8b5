namespace GenSomAttn.Kernels;

/// <summary>
/// Philox4x32-10, a counter-based random number generator: a keyed bijection of a 128-bit counter to 128 random bits
/// (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). No state, hence the same
/// numbers on every backend and after every resume.
/// </summary>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Four random words for a counter of four words and a key of two.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>32 random bits for one element of a stream: word (element mod 4) of block (element / 4).</summary>
    public static uint Bits(RandomKey key, uint element)
    {
        (uint x0, uint x1, uint x2, uint x3) = Block(
            element / 4, key.Step, (uint)key.Purpose, 0, (uint)key.Seed, (uint)(key.Seed >> 32));
        return (element % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>Uniform number in [0, 1): the upper 24 bits of <see cref="Bits"/> times 2^-24, so that every value is exact.</summary>
    public static float Uniform(RandomKey key, uint element) => (Bits(key, element) >> 8) * (1f / (1 << 24));

    /// <summary>
    /// Standard normal number by Box and Muller (1958): sqrt(-2 ln u1) cos(2 pi u2), with u1 = ((bits >> 8) + 1) 2^-24 in
    /// (0, 1] from element 2e and u2 in [0, 1) from element 2e + 1; computed in double, rounded once.
    /// </summary>
    public static float Normal(RandomKey key, uint element)
    {
        double u1 = ((Bits(key, 2 * element) >> 8) + 1) * (1.0 / (1 << 24));
        double u2 = (Bits(key, (2 * element) + 1) >> 8) * (1.0 / (1 << 24));
        return (float)(Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2));
    }
}
