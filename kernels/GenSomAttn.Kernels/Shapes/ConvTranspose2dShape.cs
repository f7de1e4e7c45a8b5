namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of a two-dimensional transposed convolution (dilation 1, groups 1, as PyTorch's nn.ConvTranspose2d).
/// Input (N, IH, IW, IC), weight (IC, KH, KW, OC), output (N, OH, OW, OC).
/// </summary>
/// <param name="Batch">N, images.</param>
/// <param name="InHeight">IH, pixels.</param>
/// <param name="InWidth">IW, pixels.</param>
/// <param name="InChannels">IC.</param>
/// <param name="OutChannels">OC.</param>
/// <param name="KernelHeight">KH, pixels.</param>
/// <param name="KernelWidth">KW, pixels.</param>
/// <param name="Stride">Output pixels between the windows of two neighboring input pixels, both ways.</param>
/// <param name="Padding">Pixels cut off the output, on each side.</param>
/// <param name="OutputPadding">Rows and columns added to the output at the bottom and on the right; less than the stride.</param>
public readonly record struct ConvTranspose2dShape(
    int Batch, int InHeight, int InWidth, int InChannels, int OutChannels,
    int KernelHeight, int KernelWidth, int Stride, int Padding, int OutputPadding) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Batch) ?? Size.Positive(InHeight) ?? Size.Positive(InWidth)
        ?? Size.Positive(InChannels) ?? Size.Positive(OutChannels)
        ?? Size.Positive(KernelHeight) ?? Size.Positive(KernelWidth) ?? Size.Positive(Stride)
        ?? Size.InRange(Padding, 0, int.MaxValue)
        ?? Size.InRange(OutputPadding, 0, Stride - 1)
        ?? Size.Positive(OutHeight) ?? Size.Positive(OutWidth);

    /// <summary>OH = (IH - 1) stride - 2 padding + KH + output padding.</summary>
    public int OutHeight => ((InHeight - 1) * Stride) - (2 * Padding) + KernelHeight + OutputPadding;

    /// <summary>OW = (IW - 1) stride - 2 padding + KW + output padding.</summary>
    public int OutWidth => ((InWidth - 1) * Stride) - (2 * Padding) + KernelWidth + OutputPadding;

    /// <summary>Output positions over the whole batch, N·OH·OW.</summary>
    public int OutPixels => Batch * OutHeight * OutWidth;

    /// <summary>
    /// FLOPs of the forward pass, and of each of the two backward passes: 2·N·IH·IW·IC·KH·KW·OC, a multiplication and an addition for
    /// each input and each element of the kernel. Outputs that the padding cuts off count too, as is customary.
    /// </summary>
    public long Flops => 2L * Batch * InHeight * InWidth * WeightLength;

    /// <summary>Elements of the input.</summary>
    public int InputLength => Batch * InHeight * InWidth * InChannels;

    /// <summary>Elements of the weight.</summary>
    public int WeightLength => InChannels * KernelHeight * KernelWidth * OutChannels;

    /// <summary>Elements of the output.</summary>
    public int OutputLength => OutPixels * OutChannels;
}
