using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// The implicit GEMM of a convolution, target pixel = bias + Σ over taps of source pixel · weight: the left operand's rows consist of
/// pixels, which are addressed through a table of offsets that is the same for every image of the batch (the indirection buffer of
/// M. Dukhan, "The indirect convolution algorithm", 2019). One item is <see cref="RowsPerItem"/> pixels of one group.
/// </summary>
internal unsafe struct IndirectProductJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Maximum pixels of one item.</summary>
    public const int RowsPerItem = ProductJob<TVector>.MaxRowsPerItem;

    public float* Source;
    public int SourceImage;
    public int SourceChannels;
    public float* Target;
    public int TargetImage;
    public int Batch;
    public PixelGroup<TVector>* Groups;
    public int ItemsPerGroup;
    public float* Zeros;

    public readonly void Execute(int item, int worker)
    {
        const int Height = MatrixTile<TVector>.Height;
        PixelGroup<TVector> group = Groups[item / ItemsPerGroup];
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
                    rows[(tap * Height) + r] = offsets[tap] == PixelGroup<TVector>.Outside ? Zeros : source + offsets[tap];
                }

                output[r] = Target + ((long)image * TargetImage) + group.Targets[pixel];
                if (++pixel == group.Pixels)
                {
                    (image, pixel) = (image + 1, 0);
                }
            }

            MatrixTile<TVector>.RepeatLast(rows, group.Taps, valid);
            group.Panels.Multiply(rows, group.Taps, SourceChannels, 0, group.Panels.Count, output, valid);
        }
    }
}
