namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a self-organizing map and of its samples, its grid and its neighborhood function. Samples (N, D), codebook (U, D); unit = row
/// · map width + column.
/// </summary>
/// <param name="Samples">N.</param>
/// <param name="MapHeight">Rows of units.</param>
/// <param name="MapWidth">Columns of units.</param>
/// <param name="Dimension">D, elements of a sample and of a codebook vector.</param>
/// <param name="Lattice">Arrangement of the units.</param>
/// <param name="Edges">What is beyond the edges of the map.</param>
/// <param name="Neighborhood">Neighborhood function h.</param>
public readonly record struct SomShape(
    int Samples, int MapHeight, int MapWidth, int Dimension, MapLattice Lattice = MapLattice.Rectangle, MapEdges Edges = MapEdges.Open,
    NeighborhoodKind Neighborhood = NeighborhoodKind.Gaussian) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Samples) ?? Size.Positive(MapHeight) ?? Size.Positive(MapWidth)
        ?? Size.Positive(Dimension);

    /// <summary>U, units of the map.</summary>
    public int Units => MapHeight * MapWidth;

    /// <summary>Positions of the units.</summary>
    public MapGrid Grid => new(MapHeight, MapWidth, Lattice, Edges);

    /// <summary>
    /// Whether h is the product of a factor for rows and one for columns: exp(-(r² + c²) / 2σ²) = exp(-r² / 2σ²) · exp(-c² / 2σ²).
    /// </summary>
    public bool IsSeparable =>
        Neighborhood == NeighborhoodKind.Gaussian && Lattice == MapLattice.Rectangle && Edges == MapEdges.Open;

    /// <summary>Elements of the samples.</summary>
    public int InputLength => Samples * Dimension;

    /// <summary>Elements of the codebook.</summary>
    public int CodebookLength => Units * Dimension;

    /// <summary>Elements of the workspace of a batch update: for each unit its hits and the sum of its samples.</summary>
    public int BatchWorkspaceLength => Units * (Dimension + 1);

    /// <summary>FLOPs of a BMU search: the products of all samples and all units, 2·N·U·D.</summary>
    public long SearchFlops => 2L * Samples * CodebookLength;

    /// <summary>
    /// FLOPs of a batch update. If the neighborhood is separable, sums of samples are smoothed along rows and then along columns:
    /// 2·U·D·(map height + map width). Otherwise, and where the samples are fewer, each sample is applied by itself: 2·U·D·N.
    /// </summary>
    public long BatchUpdateFlops => 2L * CodebookLength * (IsSeparable ? Math.Min(Samples, MapHeight + MapWidth) : Samples);

    /// <summary>FLOPs of an online update: for each sample a BMU search and an update of every unit.</summary>
    public long OnlineUpdateFlops => 2 * SearchFlops;
}
