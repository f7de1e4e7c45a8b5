using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

/// <summary>
/// What a convolution and a transposed convolution have in common: a big and a small image, where pixel (h, w) of the small
/// one meets, under kernel position (kh, kw), pixel (h·stride + kh - padding, w·stride + kw - padding) of the big one. A
/// convolution reads the big image and writes the small one; a transposed convolution and the gradients do the rest.
/// </summary>
internal readonly record struct ConvGeometry(
    int Batch, int BigHeight, int BigWidth, int BigChannels, int SmallHeight, int SmallWidth, int SmallChannels,
    int KernelHeight, int KernelWidth, int Stride, int Padding)
{
    /// <summary>The input is big, the output small.</summary>
    public static ConvGeometry Of(Conv2dShape shape) => new(
        shape.Batch, shape.InHeight, shape.InWidth, shape.InChannels, shape.OutHeight, shape.OutWidth, shape.OutChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.Padding);

    /// <summary>The input is small, the output big.</summary>
    public static ConvGeometry Of(ConvTranspose2dShape shape) => new(
        shape.Batch, shape.OutHeight, shape.OutWidth, shape.OutChannels, shape.InHeight, shape.InWidth, shape.InChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.Padding);

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
    /// True when a pixel of the big image is too short for the tile to be worth addressing one by one; then whole windows
    /// are copied out of the image (or added into it) around a plain product.
    /// </summary>
    public bool UsesWindows => BigChannels < MatrixTile<Lanes128>.Height;

    /// <summary>Where a window's row meets the big image: the kernel columns that lie inside, from first to before end.</summary>
    public (int First, int End) InsideColumns(int smallColumn)
    {
        int left = (smallColumn * Stride) - Padding;
        return (Math.Max(0, -left), Math.Min(KernelWidth, BigWidth - left));
    }
}
