using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd.Vectors;

/// <summary>
/// A vector of floats. All loops are written once over this interface; the compiler specializes them for each width, and a struct around
/// one vector costs nothing.
/// </summary>
internal unsafe interface ISimdVector<TSelf>
    where TSelf : unmanaged, ISimdVector<TSelf>
{
    /// <summary>Lanes: floats in one vector.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes 0.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Loads the floats at an address; no alignment needed.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>Loads the bytes at an address as floats; reads no more bytes than there are lanes.</summary>
    static abstract TSelf LoadBytes(byte* source);

    /// <summary>Broadcasts one float to all lanes.</summary>
    static abstract TSelf Splat(float value);

    /// <summary>Computes left · right + addend, rounded once where the processor has fused multiply-adds, else twice.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>Returns the larger of each lane; NaN propagates.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>Computes the square root of each lane.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>Returns the smaller of each lane; NaN propagates.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>Rounds each lane to the nearest whole number.</summary>
    static abstract TSelf Round(TSelf value);

    /// <summary>Computes 2 to the power of each lane, which must hold a whole number from -126 to 127.</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);

    /// <summary>
    /// Computes e to the power of each lane, within 2 units in the last place from -87.3 to 88; beyond, the value at the nearer end.
    /// </summary>
    /// <remarks>
    /// exp(x) = 2ⁿ exp(r), n = round(x / ln 2), r = x - n ln 2 in two steps so that r is exact; exp(r) by the polynomial of the
    /// Cephes library (S. L. Moshier), whose error on |r| below ½ ln 2 is 2^-24 relative.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual TSelf Exp(TSelf value)
    {
        TSelf x = TSelf.Min(TSelf.Max(value, TSelf.Splat(-87.3f)), TSelf.Splat(88f));
        TSelf n = TSelf.Round(x * TSelf.Splat(1.44269504f));
        TSelf r = TSelf.MultiplyAdd(n, TSelf.Splat(-0.693359375f), x);
        r = TSelf.MultiplyAdd(n, TSelf.Splat(2.12194440e-4f), r);
        var p = TSelf.Splat(1.9875691500e-4f);
        p = TSelf.MultiplyAdd(p, r, TSelf.Splat(1.3981999507e-3f));
        p = TSelf.MultiplyAdd(p, r, TSelf.Splat(8.3334519073e-3f));
        p = TSelf.MultiplyAdd(p, r, TSelf.Splat(4.1665795894e-2f));
        p = TSelf.MultiplyAdd(p, r, TSelf.Splat(1.6666665459e-1f));
        p = TSelf.MultiplyAdd(p, r, TSelf.Splat(5.0000001201e-1f));
        p = TSelf.MultiplyAdd(p, r * r, r + TSelf.Splat(1));
        return p * TSelf.PowerOfTwo(n);
    }

    /// <summary>Returns value where condition > 0, else 0.</summary>
    static abstract TSelf WherePositive(TSelf condition, TSelf value);

    /// <summary>Returns value where left &lt; right, else otherwise; comparisons with NaN are false.</summary>
    static abstract TSelf WhereLess(TSelf left, TSelf right, TSelf value, TSelf otherwise);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane-wise product.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>Lane-wise quotient.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Computes the sum of all lanes, in an order that is always the same.</summary>
    float Sum();

    /// <summary>Writes the lanes to an address; no alignment needed.</summary>
    void Store(float* destination);
}
