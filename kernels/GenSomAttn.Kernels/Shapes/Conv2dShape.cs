namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a two-dimensional convolution (cross-correlation, dilation 1, groups 1, as PyTorch's nn.Conv2d).
/// Input (N, IH, IW, IC), weight (KH, KW, IC, OC), output (N, OH, OW, OC).
/// </summary>
/// <param name="Batch">N, images.</param>
/// <param name="InHeight">IH, pixels.</param>
/// <param name="InWidth">IW, pixels.</param>
/// <param name="InChannels">IC.</param>
/// <param name="OutChannels">OC.</param>
/// <param name="KernelHeight">KH, pixels.</param>
/// <param name="KernelWidth">KW, pixels.</param>
/// <param name="Stride">Pixels between two windows, both ways.</param>
/// <param name="PaddingHeight">Zero rows above the input, and as many below.</param>
/// <param name="PaddingWidth">Zero columns on each side of the input.</param>
public readonly record struct Conv2dShape(
    int Batch, int InHeight, int InWidth, int InChannels, int OutChannels,
    int KernelHeight, int KernelWidth, int Stride, int PaddingHeight, int PaddingWidth) : IOperationSizes
{
    /// <summary>Sizes of a convolution with the same padding both ways.</summary>
    public Conv2dShape(
        int batch, int inHeight, int inWidth, int inChannels, int outChannels, int kernelHeight, int kernelWidth, int stride, int padding)
        : this(batch, inHeight, inWidth, inChannels, outChannels, kernelHeight, kernelWidth, stride, padding, padding)
    {
    }

    /// <inheritdoc/>
    /// <remarks>The kernel must fit at least once: division rounds toward zero, so that OutHeight would be 1 where it does not.</remarks>
    public string? Problem =>
        Size.Positive(Batch) ?? Size.Positive(InHeight) ?? Size.Positive(InWidth)
        ?? Size.Positive(InChannels) ?? Size.Positive(OutChannels) ?? Size.Positive(Stride)
        ?? Size.InRange(PaddingHeight, 0, int.MaxValue) ?? Size.InRange(PaddingWidth, 0, int.MaxValue)
        ?? Size.InRange(KernelHeight, 1, InHeight + (2 * PaddingHeight))
        ?? Size.InRange(KernelWidth, 1, InWidth + (2 * PaddingWidth));

    /// <summary>OH = (IH + 2 padding - KH) / stride + 1, rounded down.</summary>
    public int OutHeight => ((InHeight + (2 * PaddingHeight) - KernelHeight) / Stride) + 1;

    /// <summary>OW = (IW + 2 padding - KW) / stride + 1, rounded down.</summary>
    public int OutWidth => ((InWidth + (2 * PaddingWidth) - KernelWidth) / Stride) + 1;

    /// <summary>Output positions over the whole batch, N·OH·OW.</summary>
    public int OutPixels => Batch * OutHeight * OutWidth;

    /// <summary>
    /// FLOPs of the forward pass, and of each of the two backward passes: 2·N·OH·OW·OC·KH·KW·IC, a multiplication and an addition for
    /// each output and each element of its window. Windows at the border count in full, as is customary.
    /// </summary>
    public long Flops => 2L * OutPixels * WeightLength;

    /// <summary>Elements of the input.</summary>
    public int InputLength => Batch * InHeight * InWidth * InChannels;

    /// <summary>Elements of the weight.</summary>
    public int WeightLength => KernelHeight * KernelWidth * InChannels * OutChannels;

    /// <summary>Elements of the output.</summary>
    public int OutputLength => OutPixels * OutChannels;
}
