using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>Packs weight sums; one item is one group.</summary>
internal unsafe struct SumPackJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
{
    public WeightLayout Weight;
    public int* Taps;
    public WinogradGroups.View Groups;
    public int SegmentLength;
    public int Columns;
    public float* Destination;

    public readonly void Execute(int item, int worker)
    {
        int width = MatrixTile<TVector>.Width;
        int first = Groups.FirstSegment[item], end = Groups.FirstSegment[item + 1];
        float* destination = Destination + ((long)first * SegmentLength * RoundUp(Columns, width));
        for (int column = 0; column < Columns; column += width)
        {
            for (int segment = first; segment < end; segment++, destination += SegmentLength * width)
            {
                int* taps = Taps + (Groups.Weights[segment] * WinogradPlan.MaxTaps);
                if (Weight.Column == 1)
                {
                    CopyRows(taps, column, destination);
                }
                else
                {
                    CopyColumns(taps, column, destination);
                }
            }
        }
    }

    /// <summary>Computes destination[k · width + j] = Σ over taps of weight[tap, k, column + j], row by row.</summary>
    private readonly void CopyRows(int* taps, int column, float* destination)
    {
        int width = MatrixTile<TVector>.Width;
        int valid = Math.Min(width, Columns - column);
        for (int k = 0; k < SegmentLength; k++, destination += width)
        {
            new Span<float>(destination, width).Clear();
            for (int t = 0; t < WinogradPlan.MaxTaps && taps[t] != WinogradPlan.NoTap; t++)
            {
                ShortRows<TVector>.Add(
                    Weight.Data + ((long)taps[t] * Weight.Tap) + ((long)k * Weight.Row) + column, valid, destination);
            }
        }
    }

    /// <summary>
    /// Computes the same where the rows of the weight are columns of the panel: each row is summed contiguously and then scattered
    /// into its column (a fifth of the time).
    /// </summary>
    [SkipLocalsInit]
    private readonly void CopyColumns(int* taps, int column, float* destination)
    {
        int width = MatrixTile<TVector>.Width;
        float* sum = stackalloc float[SegmentLength];
        for (int j = 0; j < width; j++)
        {
            new Span<float>(sum, SegmentLength).Clear();
            for (int t = 0; column + j < Columns && t < WinogradPlan.MaxTaps && taps[t] != WinogradPlan.NoTap; t++)
            {
                float* source = Weight.Data + ((long)taps[t] * Weight.Tap) + ((long)(column + j) * Weight.Column);
                ShortRows<TVector>.Add(source, SegmentLength, sum);
            }

            for (int k = 0; k < SegmentLength; k++)
            {
                destination[(k * width) + j] = sum[k];
            }
        }
    }
}
