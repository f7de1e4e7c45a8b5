using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd.Gemm;

// The two micro-kernels for results of at most one vector of columns: eight registers of sums, nine loads for eight multiply-adds. A
// window of 4 x 4 floats is one 512-bit vector, and the wide tile would spend half of its work on unused columns.
internal static unsafe partial class MatrixTile<TVector>
{
    /// <summary>Computes <see cref="Multiply"/> for the first half of a panel alone: one vector of each row is written.</summary>
    /// <param name="rows">For each segment, addresses of eight rows of <paramref name="segmentLength"/> floats.</param>
    /// <param name="segments">Kernel positions of a convolution; 1 for a plain product.</param>
    /// <param name="segmentLength">Floats of a row in one segment.</param>
    /// <param name="panel">Width columns of the right operand, (segments·segmentLength, Width), of which the first half is read.</param>
    /// <param name="bias">Floats that the sums start from.</param>
    /// <param name="output">Addresses of eight rows of the result.</param>
    /// <param name="column">First column in them.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void MultiplyNarrow(float** rows, int segments, int segmentLength, float* panel, float* bias, float** output, int column)
    {
        var c0 = TVector.Load(bias);
        TVector c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (int segment = 0; segment < segments; segment++, rows += Height)
        {
            float* r0 = rows[0], r1 = rows[1], r2 = rows[2], r3 = rows[3], r4 = rows[4], r5 = rows[5], r6 = rows[6], r7 = rows[7];
            for (nint k = 0; k < segmentLength; k++, panel += Width)
            {
                var columns = TVector.Load(panel);
                c0 = TVector.MultiplyAdd(TVector.Splat(r0[k]), columns, c0);
                c1 = TVector.MultiplyAdd(TVector.Splat(r1[k]), columns, c1);
                c2 = TVector.MultiplyAdd(TVector.Splat(r2[k]), columns, c2);
                c3 = TVector.MultiplyAdd(TVector.Splat(r3[k]), columns, c3);
                c4 = TVector.MultiplyAdd(TVector.Splat(r4[k]), columns, c4);
                c5 = TVector.MultiplyAdd(TVector.Splat(r5[k]), columns, c5);
                c6 = TVector.MultiplyAdd(TVector.Splat(r6[k]), columns, c6);
                c7 = TVector.MultiplyAdd(TVector.Splat(r7[k]), columns, c7);
            }
        }

        c0.Store(output[0] + column);
        c1.Store(output[1] + column);
        c2.Store(output[2] + column);
        c3.Store(output[3] + column);
        c4.Store(output[4] + column);
        c5.Store(output[5] + column);
        c6.Store(output[6] + column);
        c7.Store(output[7] + column);
    }

    /// <summary>Computes <see cref="AddOuterProducts"/> with right rows of one vector.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="leftOffsets">Where the eight floats of each row begin.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="rightOffsets">Where the vector of each row begins.</param>
    /// <param name="rows">Rows that are summed over.</param>
    /// <param name="output">Result, added to.</param>
    /// <param name="outputStride">Floats between two of its rows.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddOuterProductsNarrow(
        float* left, int* leftOffsets, float* right, int* rightOffsets, int rows, float* output, int outputStride)
    {
        TVector c0 = TVector.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        for (nint r = 0; r < rows; r++)
        {
            float* l = left + leftOffsets[r];
            var columns = TVector.Load(right + rightOffsets[r]);
            c0 = TVector.MultiplyAdd(TVector.Splat(l[0]), columns, c0);
            c1 = TVector.MultiplyAdd(TVector.Splat(l[1]), columns, c1);
            c2 = TVector.MultiplyAdd(TVector.Splat(l[2]), columns, c2);
            c3 = TVector.MultiplyAdd(TVector.Splat(l[3]), columns, c3);
            c4 = TVector.MultiplyAdd(TVector.Splat(l[4]), columns, c4);
            c5 = TVector.MultiplyAdd(TVector.Splat(l[5]), columns, c5);
            c6 = TVector.MultiplyAdd(TVector.Splat(l[6]), columns, c6);
            c7 = TVector.MultiplyAdd(TVector.Splat(l[7]), columns, c7);
        }

        AddTo(output, c0);
        AddTo(output += outputStride, c1);
        AddTo(output += outputStride, c2);
        AddTo(output += outputStride, c3);
        AddTo(output += outputStride, c4);
        AddTo(output += outputStride, c5);
        AddTo(output += outputStride, c6);
        AddTo(output + outputStride, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* destination, TVector value) => (TVector.Load(destination) + value).Store(destination);
}
