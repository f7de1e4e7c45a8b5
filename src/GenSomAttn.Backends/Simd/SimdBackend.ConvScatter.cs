using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// From the small image to the big one: the forward pass of a transposed convolution and the gradient of a convolution's input. The big
// pixels fall into stride x stride phases; all pixels of a phase meet the same kernel positions, so each phase is a separate implicit
// GEMM, without adding into memory (the sub-pixel form of a transposed convolution).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>
    /// Computes big = bias + the products of small pixels with the weight, each added where its window lies. Element (tap, small channel,
    /// big channel) of the weight is weight[tap · tapStride + small · smallStride + big · bigStride].
    /// </summary>
    private void ScatterWindows(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        if (geometry.UsesWindows)
        {
            ScatterByWindows(geometry, small, weight, strides, bias, big);
        }
        else if (WinogradPlan.Fits(geometry))
        {
            ScatterByWinograd(geometry, small, weight, strides, bias, big);
        }
        else
        {
            ScatterByPhases(geometry, small, weight, strides, bias, big);
        }
    }

    [SkipLocalsInit]
    private void ScatterByPhases(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        int phases = geometry.Stride * geometry.Stride;
        int* taps = stackalloc int[geometry.Taps];
        PixelGroup* groups = stackalloc PixelGroup[phases];
        int bigPixels = geometry.BigHeight * geometry.BigWidth;
        int* offsets = _workspace.Offsets(bigPixels * (geometry.Taps + 1));
        float* packed = _workspace.Panels(PanelsLength(geometry.Taps * geometry.SmallChannels, geometry.BigChannels)
            + (phases * PanelsLength(0, geometry.BigChannels)));
        int largest = 0;
        for (int p = 0; p < phases; p++)
        {
            Phase phase = Phase.At(geometry, p / geometry.Stride, p % geometry.Stride);
            groups[p].Pixels = phase.Rows * phase.Columns;
            groups[p].Taps = phase.ListTaps(geometry, taps);
            groups[p].Sources = offsets;
            groups[p].Targets = offsets + (groups[p].Pixels * groups[p].Taps);
            offsets = groups[p].Targets + groups[p].Pixels;
            groups[p].Panels = Pack(
                weight, taps, groups[p].Taps, strides.Tap, geometry.SmallChannels, geometry.BigChannels,
                strides.Small, strides.Big, bias, packed);
            packed += PanelsLength(groups[p].Taps * geometry.SmallChannels, geometry.BigChannels);
            phase.FindSources(geometry, groups[p]);
            largest = Math.Max(largest, groups[p].Pixels);
        }

        IndirectProductJob job = default;
        job.Source = small;
        job.SourceImage = geometry.SmallImage;
        job.SourceChannels = geometry.SmallChannels;
        job.Target = big;
        job.TargetImage = geometry.BigImage;
        job.Batch = geometry.Batch;
        job.Groups = groups;
        job.ItemsPerGroup = DivideUp(largest * geometry.Batch, RowsPerItem);
        job.Zeros = _workspace.Zeros(geometry.SmallChannels);
        _pool.Run(job, phases * job.ItemsPerGroup);
    }

    /// <summary>
    /// The big pixels (FirstRow + i·stride, FirstColumn + j·stride): their kernel rows are FirstTapRow, FirstTapRow + stride, ...,
    /// because h + padding - kh has to be a multiple of the stride.
    /// </summary>
    private struct Phase
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
            phase.FirstRow = NonNegativeRemainder(tapRow - g.Padding, g.Stride);
            phase.FirstColumn = NonNegativeRemainder(tapColumn - g.Padding, g.Stride);
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
        public readonly void FindSources(ConvGeometry g, PixelGroup group)
        {
            int* source = group.Sources;
            for (int pixel = 0; pixel < group.Pixels; pixel++)
            {
                int bigRow = FirstRow + (pixel / Columns * g.Stride);
                int bigColumn = FirstColumn + (pixel % Columns * g.Stride);
                group.Targets[pixel] = ((bigRow * g.BigWidth) + bigColumn) * g.BigChannels;

                // The first kernel position meets the last small pixel; each further one the pixel before.
                int row = (bigRow + g.Padding - FirstTapRow) / g.Stride;
                for (int kh = FirstTapRow; kh < g.KernelHeight; kh += g.Stride, row--)
                {
                    int column = (bigColumn + g.Padding - FirstTapColumn) / g.Stride;
                    for (int kw = FirstTapColumn; kw < g.KernelWidth; kw += g.Stride, column--)
                    {
                        bool inside = row >= 0 && row < g.SmallHeight && column >= 0 && column < g.SmallWidth;
                        *source++ = inside ? ((row * g.SmallWidth) + column) * g.SmallChannels : Outside;
                    }
                }
            }
        }

        private static int NonNegativeRemainder(int value, int divisor) => ((value % divisor) + divisor) % divisor;
    }
}
