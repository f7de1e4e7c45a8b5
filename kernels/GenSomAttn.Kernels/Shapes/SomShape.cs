namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a self-organizing map and of its samples. Samples (N, D), codebook (U, D); unit = row · map width + column on a rectangular
/// grid with unit spacing.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="MapHeight">Rows of units.</param>
/// <param name="MapWidth">Columns of units.</param>
/// <param name="Dimension">D, elements of a sample and of a codebook vector.</param>
public readonly record struct SomShape(int Samples, int MapHeight, int MapWidth, int Dimension) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Samples) ?? Size.Positive(MapHeight) ?? Size.Positive(MapWidth)
        ?? Size.Positive(Dimension);

    /// <summary>U, units of the map.</summary>
    public int Units => MapHeight * MapWidth;

    /// <summary>Elements of the samples.</summary>
    public int InputLength => Samples * Dimension;

    /// <summary>Elements of the codebook.</summary>
    public int CodebookLength => Units * Dimension;

    /// <summary>Elements of the workspace of a batch update: for each unit its hits and the sum of its samples.</summary>
    public int BatchWorkspaceLength => Units * (Dimension + 1);

    /// <summary>FLOPs of a BMU search: the products of all samples and all units, 2·N·U·D.</summary>
    public long SearchFlops => 2L * Samples * CodebookLength;

    /// <summary>
    /// FLOPs of a batch update. The neighborhood is separable, so that sums of samples are smoothed along rows and then along columns:
    /// 2·U·D·(map height + map width); or each sample is applied by itself where the samples are fewer.
    /// </summary>
    public long BatchUpdateFlops => 2L * CodebookLength * Math.Min(Samples, MapHeight + MapWidth);

    /// <summary>FLOPs of an online update: for each sample a BMU search and an update of every unit.</summary>
    public long OnlineUpdateFlops => 2 * SearchFlops;

    /// <summary>Computes the squared Euclidean distance of two units on the grid, rows² + columns², in cells.</summary>
    public int SquaredGridDistance(int unit, int other)
    {
        int rows = (unit / MapWidth) - (other / MapWidth);
        int columns = (unit % MapWidth) - (other % MapWidth);
        return (rows * rows) + (columns * columns);
    }
}
