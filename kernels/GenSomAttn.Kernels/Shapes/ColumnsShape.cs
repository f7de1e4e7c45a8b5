namespace GenSomAttn.Kernels.Shapes;

/// <summary>Sizes of some neighboring columns of a matrix, (rows, columns) of (rows, width).</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of these columns.</param>
/// <param name="First">Index of the first of them.</param>
/// <param name="Width">Columns of the whole matrix.</param>
public readonly record struct ColumnsShape(int Rows, int Columns, int First, int Width) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Rows) ?? Size.Positive(Width) ?? Size.InRange(Columns, 1, Width) ?? Size.InRange(First, 0, Width - Columns);

    /// <summary>Elements of the columns.</summary>
    public int PartLength => Rows * Columns;

    /// <summary>Elements of the whole matrix.</summary>
    public int WholeLength => Rows * Width;
}
