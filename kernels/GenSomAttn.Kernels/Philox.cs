using ILGPU;

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

    /// <summary>Computes four random words from a counter of four words and a key of two.</summary>
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

    /// <summary>Returns 32 random bits for one element of a stream: word (element mod 4) of block (element / 4).</summary>
    public static uint Bits(RandomKey key, uint element)
    {
        (uint x0, uint x1, uint x2, uint x3) = Block(
            element / 4, key.Step, (uint)key.Purpose, 0, (uint)key.Seed, (uint)(key.Seed >> 32));
        return (element % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>
    /// Returns a uniform number in [0, 1): the upper 24 bits of <see cref="Bits"/> times 2^-24, so that every value is exact.
    /// </summary>
    public static float Uniform(RandomKey key, uint element) => (Bits(key, element) >> 8) * (1f / (1 << 24));

    /// <summary>
    /// Returns a standard normal number by the Box-Muller transform (1958): sqrt(-2 ln u1) cos(2 pi u2), with u1 = ((bits >> 8) + 1)
    /// 2^-24 in (0, 1] from element 2e and u2 in [0, 1) from element 2e + 1; computed in double, rounded once.
    /// </summary>
    public static float Normal(RandomKey key, uint element)
    {
        double u1 = ((Bits(key, 2 * element) >> 8) + 1) * (1.0 / (1 << 24));
        double u2 = (Bits(key, (2 * element) + 1) >> 8) * (1.0 / (1 << 24));
        return (float)(Math.Sqrt(-2 * LogOfFraction(u1)) * CosOfTurn(u2));
    }

    /// <summary>
    /// Computes ln x for a float x in (0, 1], with an error of 1 unit in the last place of a double. The logarithm of a GPU is
    /// approximate.
    /// </summary>
    /// <remarks>x = 2^k m with m from √½ to √2; ln m by the series in s = (m - 1) / (m + 1) of Sun's fdlibm (e_log.c).</remarks>
    private static double LogOfFraction(double x)
    {
        const double Ln2High = 6.93147180369123816490e-01, Ln2Low = 1.90821492927058770002e-10;
        const uint RootHalf = 0x3F3504F3, One = 0x3F800000;
        uint bits = Interop.FloatAsInt((float)x) + (One - RootHalf);
        int k = (int)(bits >> 23) - 127;
        double f = (double)Interop.IntAsFloat((bits & 0x7FFFFF) + RootHalf) - 1;
        double s = f / (2 + f);
        double z = s * s;
        double w = z * z;
        double even = w * (3.999999999940941908e-01 + (w * (2.222219843214978396e-01 + (w * 1.531383769920937332e-01))));
        double odd = z * (6.666666666666735130e-01
            + (w * (2.857142874366239149e-01 + (w * (1.818357216161805012e-01 + (w * 1.479819860511658591e-01))))));
        double halfSquare = 0.5 * f * f;
        return (k * Ln2High) - (halfSquare - ((s * (halfSquare + (even + odd))) + (k * Ln2Low)) - f);
    }

    /// <summary>Computes cos 2πu for u in [0, 1), with an error of 1 unit in the last place of a double.</summary>
    /// <remarks>The nearest quarter turn is taken off, which is exact; the rest by fdlibm's polynomials (k_cos.c, k_sin.c).</remarks>
    private static double CosOfTurn(double u)
    {
        int quarter = (int)((4 * u) + 0.5);
        double x = ((4 * u) - quarter) * (Math.PI / 2);
        double z = x * x;
        double cos = 1 - ((0.5 * z) - (z * z * (4.16666666666666019037e-02 + (z * (-1.38888888888741095749e-03
            + (z * (2.48015872894767294178e-05 + (z * (-2.75573143513906633035e-07
            + (z * (2.08757232129817482790e-09 + (z * -1.13596475577881948265e-11))))))))))));
        double sin = x + (x * z * (-1.66666666666666324348e-01 + (z * (8.33333333332248946124e-03
            + (z * (-1.98412698298579493134e-04 + (z * (2.75573137070700676789e-06
            + (z * (-2.50507602534068634195e-08 + (z * 1.58969099521155010221e-10)))))))))));
        return (quarter % 4) switch { 0 => cos, 1 => -sin, 2 => -cos, _ => sin };
    }
}
