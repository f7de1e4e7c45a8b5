using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>
/// The two micro-kernels that do nearly all arithmetic of a training step. Both hold an 8 x <see cref="Width"/> tile of the result in
/// sixteen registers (register blocking) and accumulate one outer product of eight numbers and two vectors at a time: sixteen
/// multiply-adds for ten loads, so that the multipliers and not the loads are the limit.
/// </summary>
/// <remarks>
/// No operand has to be contiguous beyond one pixel: the rows are addressed through pointers, so that a convolution reads its windows
/// straight from the image (implicit GEMM) and writes wherever the output pixel lies.
/// </remarks>
internal static unsafe partial class MatrixTile<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Rows of a tile.</summary>
    public const int Height = 8;

    /// <summary>Columns of a tile and of a panel: two vectors.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TVector.Count;
    }

    /// <summary>
    /// Computes output[r][column + j] = bias[j] + Σ over segments s and k of rows[s·8 + r][k] · panel[(s·segmentLength + k)·Width + j].
    /// </summary>
    /// <param name="rows">For each segment, addresses of eight rows of <paramref name="segmentLength"/> floats.</param>
    /// <param name="segments">Kernel positions of a convolution; 1 for a plain product.</param>
    /// <param name="segmentLength">Floats of a row in one segment.</param>
    /// <param name="panel">Width columns of the right operand, (segments·segmentLength, Width).</param>
    /// <param name="bias">Width floats that the sum starts from.</param>
    /// <param name="output">Addresses of eight rows of the result.</param>
    /// <param name="column">First column in them.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Multiply(float** rows, int segments, int segmentLength, float* panel, float* bias, float** output, int column)
    {
        int half = TVector.Count;
        TVector biasLow = TVector.Load(bias), biasHigh = TVector.Load(bias + half);
        TVector c00 = biasLow, c10 = biasLow, c20 = biasLow, c30 = biasLow;
        TVector c40 = biasLow, c50 = biasLow, c60 = biasLow, c70 = biasLow;
        TVector c01 = biasHigh, c11 = biasHigh, c21 = biasHigh, c31 = biasHigh;
        TVector c41 = biasHigh, c51 = biasHigh, c61 = biasHigh, c71 = biasHigh;
        for (int segment = 0; segment < segments; segment++, rows += Height)
        {
            float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], r4 = rows[4], r5 = rows[5], r6 = rows[6], r7 = rows[7];
            for (nint k = 0; k < segmentLength; k++, panel += 2 * half)
            {
                TVector low = TVector.Load(panel), high = TVector.Load(panel + half);
                TVector x = TVector.Splat(r0[k]);
                c00 = TVector.MultiplyAdd(x, low, c00);
                c01 = TVector.MultiplyAdd(x, high, c01);
                x = TVector.Splat(r1[k]);
                c10 = TVector.MultiplyAdd(x, low, c10);
                c11 = TVector.MultiplyAdd(x, high, c11);
                x = TVector.Splat(r2[k]);
                c20 = TVector.MultiplyAdd(x, low, c20);
                c21 = TVector.MultiplyAdd(x, high, c21);
                x = TVector.Splat(r3[k]);
                c30 = TVector.MultiplyAdd(x, low, c30);
                c31 = TVector.MultiplyAdd(x, high, c31);
                x = TVector.Splat(r4[k]);
                c40 = TVector.MultiplyAdd(x, low, c40);
                c41 = TVector.MultiplyAdd(x, high, c41);
                x = TVector.Splat(r5[k]);
                c50 = TVector.MultiplyAdd(x, low, c50);
                c51 = TVector.MultiplyAdd(x, high, c51);
                x = TVector.Splat(r6[k]);
                c60 = TVector.MultiplyAdd(x, low, c60);
                c61 = TVector.MultiplyAdd(x, high, c61);
                x = TVector.Splat(r7[k]);
                c70 = TVector.MultiplyAdd(x, low, c70);
                c71 = TVector.MultiplyAdd(x, high, c71);
            }
        }

        StoreRow(output[0] + column, c00, c01);
        StoreRow(output[1] + column, c10, c11);
        StoreRow(output[2] + column, c20, c21);
        StoreRow(output[3] + column, c30, c31);
        StoreRow(output[4] + column, c40, c41);
        StoreRow(output[5] + column, c50, c51);
        StoreRow(output[6] + column, c60, c61);
        StoreRow(output[7] + column, c70, c71);
    }

    /// <summary>
    /// Computes output[i·outputStride + j] += Σ over r of left[leftOffsets[r] + i] · right[rightOffsets[r] + j], for eight i and Width j:
    /// the transposed product of a weight's gradient.
    /// </summary>
    /// <param name="left">Left operand.</param>
    /// <param name="leftOffsets">Where the eight floats of each row begin.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="rightOffsets">Where the Width floats of each row begin.</param>
    /// <param name="rows">Rows that are summed over.</param>
    /// <param name="output">Result, added to.</param>
    /// <param name="outputStride">Floats between two of its rows.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddOuterProducts(
        float* left, int* leftOffsets, float* right, int* rightOffsets, int rows, float* output, int outputStride)
    {
        int half = TVector.Count;
        TVector c00 = TVector.Zero, c10 = c00, c20 = c00, c30 = c00, c40 = c00, c50 = c00, c60 = c00, c70 = c00;
        TVector c01 = c00, c11 = c00, c21 = c00, c31 = c00, c41 = c00, c51 = c00, c61 = c00, c71 = c00;
        for (nint r = 0; r < rows; r++)
        {
            float* l = left + leftOffsets[r];
            float* columns = right + rightOffsets[r];
            TVector low = TVector.Load(columns), high = TVector.Load(columns + half);
            TVector x = TVector.Splat(l[0]);
            c00 = TVector.MultiplyAdd(x, low, c00);
            c01 = TVector.MultiplyAdd(x, high, c01);
            x = TVector.Splat(l[1]);
            c10 = TVector.MultiplyAdd(x, low, c10);
            c11 = TVector.MultiplyAdd(x, high, c11);
            x = TVector.Splat(l[2]);
            c20 = TVector.MultiplyAdd(x, low, c20);
            c21 = TVector.MultiplyAdd(x, high, c21);
            x = TVector.Splat(l[3]);
            c30 = TVector.MultiplyAdd(x, low, c30);
            c31 = TVector.MultiplyAdd(x, high, c31);
            x = TVector.Splat(l[4]);
            c40 = TVector.MultiplyAdd(x, low, c40);
            c41 = TVector.MultiplyAdd(x, high, c41);
            x = TVector.Splat(l[5]);
            c50 = TVector.MultiplyAdd(x, low, c50);
            c51 = TVector.MultiplyAdd(x, high, c51);
            x = TVector.Splat(l[6]);
            c60 = TVector.MultiplyAdd(x, low, c60);
            c61 = TVector.MultiplyAdd(x, high, c61);
            x = TVector.Splat(l[7]);
            c70 = TVector.MultiplyAdd(x, low, c70);
            c71 = TVector.MultiplyAdd(x, high, c71);
        }

        AddToRow(output, c00, c01);
        AddToRow(output += outputStride, c10, c11);
        AddToRow(output += outputStride, c20, c21);
        AddToRow(output += outputStride, c30, c31);
        AddToRow(output += outputStride, c40, c41);
        AddToRow(output += outputStride, c50, c51);
        AddToRow(output += outputStride, c60, c61);
        AddToRow(output + outputStride, c70, c71);
    }

    /// <summary>Fills a tile of fewer than eight rows with the last row; the products of the repeated rows are not stored.</summary>
    public static void RepeatLast(float** rows, int segments, int valid)
    {
        for (int segment = 0; segment < segments; segment++, rows += Height)
        {
            for (int r = valid; r < Height; r++)
            {
                rows[r] = rows[valid - 1];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(float* destination, TVector low, TVector high)
    {
        low.Store(destination);
        high.Store(destination + TVector.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToRow(float* destination, TVector low, TVector high)
    {
        (TVector.Load(destination) + low).Store(destination);
        (TVector.Load(destination + TVector.Count) + high).Store(destination + TVector.Count);
    }
}
