namespace GenSomAttn.Kernels.Shapes;

/// <summary>Sizes of an operation that works on rows of equal length: (rows, length).</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Length">Elements of one row.</param>
public readonly record struct RowsShape(int Rows, int Length) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Rows) ?? Size.Positive(Length);

    /// <summary>Elements of all rows.</summary>
    public int TotalLength => Rows * Length;
}
