namespace GenSomAttn.Backends.Simd;

/// <summary>
/// A vector of floats of the machine's widest kind. All loops are written once over this interface; the compiler
/// specializes them for each width, and a struct around one vector costs nothing.
/// </summary>
internal unsafe interface ISimdVector<TSelf>
    where TSelf : unmanaged, ISimdVector<TSelf>
{
    /// <summary>Lanes: floats in one vector.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes 0.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>The floats at an address; no alignment needed.</summary>
    static abstract TSelf Load(float* source);

    /// <summary>One float in all lanes.</summary>
    static abstract TSelf Splat(float value);

    /// <summary>left · right + addend, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    /// <summary>The larger of each lane; a not-a-number stays.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>Square root of each lane.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>e to the power of each lane.</summary>
    static abstract TSelf Exp(TSelf value);

    /// <summary>value where condition > 0, else 0.</summary>
    static abstract TSelf WherePositive(TSelf condition, TSelf value);

    /// <summary>Lane-wise sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane-wise difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane-wise product.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>Lane-wise quotient.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>Writes the lanes to an address; no alignment needed.</summary>
    void Store(float* destination);
}
