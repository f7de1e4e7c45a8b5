using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Vectors;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// The common geometry of convolutions and transposed convolutions: a big and a small image, where pixel (h, w) of the small one meets,
/// under kernel position (kh, kw), pixel (h·stride + kh - padding height, w·stride + kw - padding width) of the big one. A convolution
/// maps the big image to the small one, a transposed convolution the small one to the big one; the input gradient of each has the opposite
/// direction.
/// </summary>
internal readonly record struct ConvGeometry(
    int Batch, int BigHeight, int BigWidth, int BigChannels, int SmallHeight, int SmallWidth, int SmallChannels,
    int KernelHeight, int KernelWidth, int Stride, int PaddingHeight, int PaddingWidth)
{
    /// <summary>Returns the geometry of a convolution: the input is big, the output small.</summary>
    public static ConvGeometry Of(Conv2dShape shape) => new(
        shape.Batch, shape.InHeight, shape.InWidth, shape.InChannels, shape.OutHeight, shape.OutWidth, shape.OutChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.PaddingHeight, shape.PaddingWidth);

    /// <summary>Returns the geometry of a transposed convolution: the input is small, the output big.</summary>
    public static ConvGeometry Of(ConvTranspose2dShape shape) => new(
        shape.Batch, shape.OutHeight, shape.OutWidth, shape.OutChannels, shape.InHeight, shape.InWidth, shape.InChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.Padding, shape.Padding);

    /// <summary>Kernel positions.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Pixels of one small image.</summary>
    public int SmallPixels => SmallHeight * SmallWidth;

    /// <summary>Floats of one small image.</summary>
    public int SmallImage => SmallPixels * SmallChannels;

    /// <summary>Floats of one big image.</summary>
    public int BigImage => BigHeight * BigWidth * BigChannels;

    /// <summary>Floats of one window of the big image: all kernel positions, all channels.</summary>
    public int WindowLength => Taps * BigChannels;

    /// <summary>
    /// True if a pixel of the big image has too few channels for the tile to be worth addressing one by one; then whole windows are
    /// copied out of the image (im2col), or added into it (col2im), around a plain GEMM.
    /// </summary>
    public bool UsesWindows => BigChannels < MatrixTile<Lanes128>.Height;
}
