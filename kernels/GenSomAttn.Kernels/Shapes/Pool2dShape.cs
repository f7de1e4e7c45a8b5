namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a two-dimensional pooling, as PyTorch's nn.MaxPool2d and nn.AvgPool2d: input (N, IH, IW, C), output (N, OH, OW, C).
/// </summary>
/// <param name="Batch">N, images.</param>
/// <param name="InHeight">IH, pixels.</param>
/// <param name="InWidth">IW, pixels.</param>
/// <param name="Channels">C.</param>
/// <param name="Kernel">Rows and columns of a window.</param>
/// <param name="Stride">Pixels between two windows, both ways.</param>
/// <param name="Padding">Pixels by which the windows reach beyond the input, on each side; they have no value.</param>
public readonly record struct Pool2dShape(
    int Batch, int InHeight, int InWidth, int Channels, int Kernel, int Stride, int Padding) : IOperationSizes
{
    /// <inheritdoc/>
    /// <remarks>With at most half a window of padding, every window meets the input.</remarks>
    public string? Problem =>
        Size.Positive(Batch) ?? Size.Positive(InHeight) ?? Size.Positive(InWidth) ?? Size.Positive(Channels) ?? Size.Positive(Stride)
        ?? Size.InRange(Kernel, 1, Math.Min(InHeight, InWidth) + (2 * Math.Max(0, Padding)))
        ?? Size.InRange(Padding, 0, Kernel / 2);

    /// <summary>OH = (IH + 2 padding - kernel) / stride + 1, rounded down.</summary>
    public int OutHeight => ((InHeight + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>OW = (IW + 2 padding - kernel) / stride + 1, rounded down.</summary>
    public int OutWidth => ((InWidth + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Elements of the input.</summary>
    public int InputLength => Batch * InHeight * InWidth * Channels;

    /// <summary>Elements of the output.</summary>
    public int OutputLength => Batch * OutHeight * OutWidth * Channels;
}
