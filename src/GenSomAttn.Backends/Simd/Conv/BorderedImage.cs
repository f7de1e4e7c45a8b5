using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// A copy of one big image with the zero padding of its convolution, so that every window lies inside and no loop needs bounds checks.
/// Windows are copied out of it (im2col), or added into it (col2im), as rows of (KH, KW, channels).
/// </summary>
internal readonly unsafe struct BorderedImage<TVector>(ConvGeometry geometry, float* data)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Floats that are moved at once; up to three beyond a window's row are read and written.</summary>
    private const int Group = 4;

    private readonly ConvGeometry _geometry = geometry;

    /// <summary>Computes the floats of the image with its border, and of the rest of a last group.</summary>
    public static int Length(ConvGeometry g) => (Height(g) * Width(g) * g.BigChannels) + Group;

    /// <summary>Computes the floats of all windows, <paramref name="stride"/> apart, and of the rest of a last group.</summary>
    public static int WindowsLength(ConvGeometry g, int stride) => (g.SmallPixels * stride) + Group;

    private int RowLength => Width(_geometry) * _geometry.BigChannels;

    /// <summary>Floats of a window's row.</summary>
    private int Run => _geometry.KernelWidth * _geometry.BigChannels;

    private float* FirstPixel => data + (_geometry.PaddingHeight * RowLength) + (_geometry.PaddingWidth * _geometry.BigChannels);

    /// <summary>Copies an image in and sets the border to 0.</summary>
    public void Read(float* image)
    {
        new Span<float>(data, Length(_geometry)).Clear();
        int length = _geometry.BigWidth * _geometry.BigChannels;
        float* row = FirstPixel;
        for (int h = 0; h < _geometry.BigHeight; h++, image += length, row += RowLength)
        {
            ShortRows<TVector>.Copy(image, length, row);
        }
    }

    /// <summary>
    /// Copies all windows to rows <paramref name="stride"/> floats apart. The floats after a window in its row are undefined.
    /// </summary>
    public void CopyWindows(float* windows, int stride)
    {
        int rowLength = RowLength, run = Run, kernelHeight = _geometry.KernelHeight;
        int step = _geometry.Stride * _geometry.BigChannels;
        for (int h = 0; h < _geometry.SmallHeight; h++)
        {
            float* source = data + (h * _geometry.Stride * rowLength);
            for (int w = 0; w < _geometry.SmallWidth; w++, source += step, windows += stride)
            {
                CopyWindow(source, rowLength, kernelHeight, run, windows);
            }
        }
    }

    /// <summary>Sets every pixel to the bias (BigChannels), or to 0 for null.</summary>
    public void Fill(float* bias)
    {
        var image = new Span<float>(data, Length(_geometry));
        int channels = _geometry.BigChannels;
        if (bias == null || channels == 1)
        {
            image.Fill(bias == null ? 0 : bias[0]);
            return;
        }

        // Each copy doubles what is filled.
        new ReadOnlySpan<float>(bias, channels).CopyTo(image);
        for (int filled = channels; filled < image.Length; filled *= 2)
        {
            image[..Math.Min(filled, image.Length - filled)].CopyTo(image[filled..]);
        }
    }

    /// <summary>Adds all windows, (small pixels, KH, KW, BigChannels), at their positions.</summary>
    /// <remarks>
    /// Neighboring windows overlap, and a load that overlaps half of the store before it waits for the cache (a store-forwarding stall).
    /// So windows are added in passes of windows that do not overlap: for 4 x 4 windows two pixels apart, first every even, then every
    /// odd one.
    /// </remarks>
    public void AddWindows(float* windows)
    {
        ConvGeometry g = _geometry;
        int passes = DivideUp(g.KernelWidth, g.Stride);
        int step = g.Stride * g.BigChannels, rowLength = RowLength, run = Run, windowLength = g.WindowLength;
        for (int pass = 0; pass < Math.Min(passes, g.SmallWidth); pass++)
        {
            int count = DivideUp(g.SmallWidth - pass, passes);
            for (int h = 0; h < g.SmallHeight; h++)
            {
                float* source = windows + (((h * g.SmallWidth) + pass) * windowLength);
                float* target = data + (h * g.Stride * rowLength) + (pass * step);
                for (int kh = 0; kh < g.KernelHeight; kh++, source += run, target += rowLength)
                {
                    AddRows(source, passes * windowLength, target, passes * step, count, run);
                }
            }
        }
    }

    /// <summary>Writes the image without its border.</summary>
    public void Write(float* image)
    {
        int length = _geometry.BigWidth * _geometry.BigChannels;
        float* row = FirstPixel;
        for (int h = 0; h < _geometry.BigHeight; h++, image += length, row += RowLength)
        {
            ShortRows<TVector>.Copy(row, length, image);
        }
    }

    /// <summary>Copies whole groups; floats written beyond a row are overwritten by the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWindow(float* source, int sourceRow, int rows, int run, float* target)
    {
        if (run <= Group)
        {
            // No inner loop: 372 -> 350 µs for the input gradient of 128 images, 32 -> 1 channels, kernel 4 x 4.
            for (int kh = 0; kh < rows; kh++, source += sourceRow, target += run)
            {
                Vector128.Load(source).Store(target);
            }

            return;
        }

        for (int kh = 0; kh < rows; kh++, source += sourceRow, target += run)
        {
            for (int i = 0; i < run; i += Group)
            {
                Vector128.Load(source + i).Store(target + i);
            }
        }
    }

    /// <summary>Adds one row of <paramref name="count"/> windows: the same group of four floats of each, then the next group.</summary>
    private static void AddRows(float* source, int sourceStep, float* target, int targetStep, int count, int run)
    {
        int i = 0;
        for (; i <= run - Group; i += Group)
        {
            float* s = source + i, t = target + i;
            for (int w = 0; w < count; w++, s += sourceStep, t += targetStep)
            {
                (Vector128.Load(t) + Vector128.Load(s)).Store(t);
            }
        }

        for (; i < run; i++)
        {
            float* s = source + i, t = target + i;
            for (int w = 0; w < count; w++, s += sourceStep, t += targetStep)
            {
                *t += *s;
            }
        }
    }

    /// <summary>Computes the rows from the top of the first window to the end of the last, or of the image if that is later.</summary>
    private static int Height(ConvGeometry g)
        => Math.Max(((g.SmallHeight - 1) * g.Stride) + g.KernelHeight, g.PaddingHeight + g.BigHeight);

    private static int Width(ConvGeometry g) => Math.Max(((g.SmallWidth - 1) * g.Stride) + g.KernelWidth, g.PaddingWidth + g.BigWidth);
}
