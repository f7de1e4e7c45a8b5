namespace GenSomAttn.Kernels;

/// <summary>How a matrix product is cut into groups of threads. The result has tiles, and each tile has parts.</summary>
/// <param name="TileColumns">Tiles from left to right.</param>
/// <param name="Tiles">Tiles of the result.</param>
/// <param name="InnersPerPart">
/// Length of the sum that a part takes; a part of a product of its own (a phase) takes all, which is then the largest number.
/// </param>
public readonly record struct ProductSize(int TileColumns, int Tiles, int InnersPerPart)
{
    /// <summary>The first inner index of a part's sum.</summary>
    public int FirstInner(int part) => InnersPerPart == int.MaxValue ? 0 : part * InnersPerPart;

    /// <summary>The inner index after the last of a part's sum.</summary>
    public int EndInner(int part, int inners) =>
        InnersPerPart == int.MaxValue ? inners : Math.Min(FirstInner(part) + InnersPerPart, inners);
}
