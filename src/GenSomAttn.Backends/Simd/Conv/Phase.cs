using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// One phase of the stride: the big pixels (FirstRow + i·stride, FirstColumn + j·stride), which meet the same kernel positions. Their
/// kernel rows are FirstTapRow, FirstTapRow + stride, ..., because h + padding - kh has to be a multiple of the stride.
/// </summary>
internal unsafe struct Phase
{
    public int FirstTapRow;
    public int FirstTapColumn;
    public int FirstRow;
    public int FirstColumn;
    public int Rows;
    public int Columns;

    public static Phase At(ConvGeometry g, int tapRow, int tapColumn)
    {
        Phase phase = default;
        (phase.FirstTapRow, phase.FirstTapColumn) = (tapRow, tapColumn);
        phase.FirstRow = NonNegativeRemainder(tapRow - g.PaddingHeight, g.Stride);
        phase.FirstColumn = NonNegativeRemainder(tapColumn - g.PaddingWidth, g.Stride);
        phase.Rows = DivideUp(Math.Max(0, g.BigHeight - phase.FirstRow), g.Stride);
        phase.Columns = DivideUp(Math.Max(0, g.BigWidth - phase.FirstColumn), g.Stride);
        return phase;
    }

    /// <summary>Lists the kernel positions of the phase, row by row; returns their number.</summary>
    public readonly int ListTaps(ConvGeometry g, int* taps)
    {
        int count = 0;
        for (int kh = FirstTapRow; kh < g.KernelHeight; kh += g.Stride)
        {
            for (int kw = FirstTapColumn; kw < g.KernelWidth; kw += g.Stride)
            {
                taps[count++] = (kh * g.KernelWidth) + kw;
            }
        }

        return count;
    }

    /// <summary>Fills the tables of the phase's pixels: the small pixels under the kernel positions of each.</summary>
    public readonly void FindSources<TVector>(ConvGeometry g, PixelGroup<TVector> group)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        int* source = group.Sources;
        for (int pixel = 0; pixel < group.Pixels; pixel++)
        {
            int bigRow = FirstRow + (pixel / Columns * g.Stride);
            int bigColumn = FirstColumn + (pixel % Columns * g.Stride);
            group.Targets[pixel] = ((bigRow * g.BigWidth) + bigColumn) * g.BigChannels;

            // The first kernel position meets the last small pixel; each further one the pixel before.
            int row = (bigRow + g.PaddingHeight - FirstTapRow) / g.Stride;
            for (int kh = FirstTapRow; kh < g.KernelHeight; kh += g.Stride, row--)
            {
                int column = (bigColumn + g.PaddingWidth - FirstTapColumn) / g.Stride;
                for (int kw = FirstTapColumn; kw < g.KernelWidth; kw += g.Stride, column--)
                {
                    bool inside = row >= 0 && row < g.SmallHeight && column >= 0 && column < g.SmallWidth;
                    *source++ = inside ? ((row * g.SmallWidth) + column) * g.SmallChannels : PixelGroup<TVector>.Outside;
                }
            }
        }
    }

    private static int NonNegativeRemainder(int value, int divisor) => ((value % divisor) + divisor) % divisor;
}
