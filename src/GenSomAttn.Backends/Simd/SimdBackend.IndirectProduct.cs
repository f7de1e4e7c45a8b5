namespace GenSomAttn.Backends.Simd;

// The implicit GEMM of a convolution: the left operand's rows consist of pixels, which are addressed through a table of offsets that is
// the same for every image of the batch (the indirection buffer of M. Dukhan, "The indirect convolution algorithm", 2019).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Entry of a table of offsets for a pixel outside the image.</summary>
    private const int Outside = -1;

    /// <summary>Target pixels that meet the same kernel positions, and the packed weight of these positions.</summary>
    private struct PixelGroup
    {
        /// <summary>Target pixels in one image.</summary>
        public int Pixels;

        /// <summary>Kernel positions.</summary>
        public int Taps;

        /// <summary>(pixels, taps): offset of the source pixel in its image, or <see cref="Outside"/>.</summary>
        public int* Sources;

        /// <summary>(pixels): offset of the target pixel in its image.</summary>
        public int* Targets;

        /// <summary>(taps · source channels, target channels).</summary>
        public Panels Panels;
    }

    /// <summary>
    /// target pixel = bias + Σ over taps of source pixel · weight; one item is <see cref="RowsPerItem"/> pixels of one group.
    /// </summary>
    private struct IndirectProductJob : IJob
    {
        public float* Source;
        public int SourceImage;
        public int SourceChannels;
        public float* Target;
        public int TargetImage;
        public int Batch;
        public PixelGroup* Groups;
        public int ItemsPerGroup;
        public float* Zeros;

        public readonly void Execute(int item, int worker)
        {
            const int Height = MatrixTile<TVector>.Height;
            PixelGroup group = Groups[item / ItemsPerGroup];
            int first = item % ItemsPerGroup * RowsPerItem;
            int end = Math.Min(Batch * group.Pixels, first + RowsPerItem);
            if (first >= end)
            {
                return;
            }

            float** rows = stackalloc float*[group.Taps * Height];
            float** output = stackalloc float*[Height];
            (int image, int pixel) = Math.DivRem(first, group.Pixels);
            for (int row = first; row < end; row += Height)
            {
                int valid = Math.Min(Height, end - row);
                for (int r = 0; r < valid; r++)
                {
                    float* source = Source + ((long)image * SourceImage);
                    int* offsets = group.Sources + (pixel * group.Taps);
                    for (int tap = 0; tap < group.Taps; tap++)
                    {
                        rows[(tap * Height) + r] = offsets[tap] == Outside ? Zeros : source + offsets[tap];
                    }

                    output[r] = Target + ((long)image * TargetImage) + group.Targets[pixel];
                    if (++pixel == group.Pixels)
                    {
                        (image, pixel) = (image + 1, 0);
                    }
                }

                RepeatLast(rows, group.Taps, valid);
                group.Panels.Multiply(rows, group.Taps, SourceChannels, 0, group.Panels.Count, output, valid);
            }
        }

        /// <summary>Fills a tile of fewer than eight rows with the last row; the products of the repeated rows are not stored.</summary>
        public static void RepeatLast(float** rows, int taps, int valid)
        {
            for (int tap = 0; tap < taps; tap++, rows += MatrixTile<TVector>.Height)
            {
                for (int r = valid; r < MatrixTile<TVector>.Height; r++)
                {
                    rows[r] = rows[valid - 1];
                }
            }
        }
    }
}
