namespace GenSomAttn.Kernels;

/// <summary>The tiles of a GEMM's result and its slices. A launch has one thread group for each tile of each slice.</summary>
/// <param name="TileColumns">Tiles across the result.</param>
/// <param name="Tiles">Tiles of the result.</param>
/// <param name="InnersPerPart">
/// Inner indices (K) of a split-K slice; <see cref="int.MaxValue"/> if each slice is a whole product (a phase, or no split).
/// </param>
public readonly record struct ProductSize(int TileColumns, int Tiles, int InnersPerPart)
{
    /// <summary>Returns the first inner index of a slice.</summary>
    public int FirstInner(int part) => InnersPerPart == int.MaxValue ? 0 : part * InnersPerPart;

    /// <summary>Returns the inner index after the last of a slice.</summary>
    public int EndInner(int part, int inners) =>
        InnersPerPart == int.MaxValue ? inners : Math.Min(FirstInner(part) + InnersPerPart, inners);
}
