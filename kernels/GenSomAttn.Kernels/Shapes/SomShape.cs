namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a self-organizing map and of the samples shown to it. Samples (N, D), codebook (U, D); unit = row · map width
/// + column on a rectangular grid whose cells are one apart.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="MapHeight">Rows of units.</param>
/// <param name="MapWidth">Columns of units.</param>
/// <param name="Dimension">D, elements of a sample and of a codebook vector.</param>
public readonly record struct SomShape(int Samples, int MapHeight, int MapWidth, int Dimension)
{
    /// <summary>U, units of the map.</summary>
    public int Units => MapHeight * MapWidth;

    /// <summary>Elements of the samples.</summary>
    public int InputLength => Samples * Dimension;

    /// <summary>Elements of the codebook.</summary>
    public int CodebookLength => Units * Dimension;

    /// <summary>Elements of the workspace of a batch update: for each unit its hits and the sum of its samples.</summary>
    public int BatchWorkspaceLength => Units * (Dimension + 1);

    /// <summary>Arithmetic of a search for winners: the products of all samples and all units, 2·N·U·D.</summary>
    public long SearchFlops => 2L * Samples * CodebookLength;

    /// <summary>
    /// Arithmetic of a batch update. The neighborhood is a product of one along rows and one along columns, so that sums of samples can
    /// be spread along both in turn: 2·U·D·(map height + map width); or each sample by itself where those are fewer.
    /// </summary>
    public long BatchUpdateFlops => 2L * CodebookLength * Math.Min(Samples, MapHeight + MapWidth);

    /// <summary>Arithmetic of an online update: for each sample a search and a pull at every unit.</summary>
    public long OnlineUpdateFlops => 2 * SearchFlops;

    /// <summary>Squared Euclidean distance of two units on the grid, in cells; rows and columns count separately.</summary>
    public int SquaredGridDistance(int unit, int other)
    {
        int rows = (unit / MapWidth) - (other / MapWidth);
        int columns = (unit % MapWidth) - (other % MapWidth);
        return (rows * rows) + (columns * columns);
    }
}
