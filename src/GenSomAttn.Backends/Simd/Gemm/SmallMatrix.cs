using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>
/// Products of matrices as small as a head of attention, a few tokens by a few channels: too small to be packed for
/// <see cref="MatrixTile{TVector}"/>. The rows of right operands and of results are padded to whole vectors, so that no loop has a
/// remainder; the padding is never used.
/// </summary>
internal static unsafe class SmallMatrix<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Computes the padded floats of a row of <paramref name="length"/>.</summary>
    public static int Padded(int length) => RoundUp(length, TVector.Count);

    /// <summary>
    /// Computes result[i, j] = Σ over k of left[i · leftRow + k · leftColumn] · right[k, j]; right and result have padded rows.
    /// </summary>
    /// <param name="left">Left operand, by rows or by columns.</param>
    /// <param name="leftRow">Floats between two of its rows.</param>
    /// <param name="leftColumn">Floats between two of its columns.</param>
    /// <param name="rows">Rows of the result.</param>
    /// <param name="depth">Length of the sums (K).</param>
    /// <param name="right">(depth, padded columns).</param>
    /// <param name="result">(rows, padded columns).</param>
    /// <param name="padded">Padded columns.</param>
    public static void Multiply(float* left, int leftRow, int leftColumn, int rows, int depth, float* right, float* result, int padded)
    {
        const int Height = 8;
        float** leftRows = stackalloc float*[Height];
        float** resultRows = stackalloc float*[Height];
        for (int row = 0; row < rows; row += Height)
        {
            for (int r = 0; r < Height; r++)
            {
                // Rows beyond the last are clamped to it.
                long valid = Math.Min(row + r, rows - 1);
                leftRows[r] = left + (valid * leftRow);
                resultRows[r] = result + (valid * padded);
            }

            for (int column = 0; column < padded; column += TVector.Count)
            {
                MultiplyTile(leftRows, leftColumn, depth, right + column, padded, resultRows, column);
            }
        }
    }

    /// <summary>Transposes: target[j, i] = source[i, j].</summary>
    /// <param name="source">(rows, columns).</param>
    /// <param name="sourceStride">Floats between two of its rows.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">(columns, rows).</param>
    /// <param name="targetStride">Floats between two of its rows.</param>
    public static void Transpose(float* source, int sourceStride, int rows, int columns, float* target, int targetStride)
    {
        const int Group = 4;
        int i = 0;
        for (; i <= rows - Group; i += Group)
        {
            float* s0 = source + ((long)i * sourceStride), s1 = s0 + sourceStride, s2 = s1 + sourceStride, s3 = s2 + sourceStride;
            float* t = target + i;
            for (nint j = 0; j < columns; j++, t += targetStride)
            {
                Vector128.Create(s0[j], s1[j], s2[j], s3[j]).Store(t);
            }
        }

        for (; i < rows; i++)
        {
            float* s = source + ((long)i * sourceStride);
            float* t = target + i;
            for (nint j = 0; j < columns; j++, t += targetStride)
            {
                *t = s[j];
            }
        }
    }

    /// <summary>Copies rows of <paramref name="length"/> floats to rows of another stride.</summary>
    public static void CopyRows(float* source, int sourceStride, int rows, int length, float* target, int targetStride)
    {
        for (int i = 0; i < rows; i++, source += sourceStride, target += targetStride)
        {
            ShortRows<TVector>.Copy(source, length, target);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MultiplyTile(
        float** leftRows, nint leftColumn, int depth, float* right, nint rightRow, float** resultRows, int column)
    {
        float* l0 = leftRows[0], l1 = leftRows[1], l2 = leftRows[2], l3 = leftRows[3];
        float* l4 = leftRows[4], l5 = leftRows[5], l6 = leftRows[6], l7 = leftRows[7];
        TVector c0 = TVector.Zero, c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        nint end = depth * leftColumn;
        for (nint k = 0; k != end; k += leftColumn, right += rightRow)
        {
            var columns = TVector.Load(right);
            c0 = TVector.MultiplyAdd(TVector.Splat(l0[k]), columns, c0);
            c1 = TVector.MultiplyAdd(TVector.Splat(l1[k]), columns, c1);
            c2 = TVector.MultiplyAdd(TVector.Splat(l2[k]), columns, c2);
            c3 = TVector.MultiplyAdd(TVector.Splat(l3[k]), columns, c3);
            c4 = TVector.MultiplyAdd(TVector.Splat(l4[k]), columns, c4);
            c5 = TVector.MultiplyAdd(TVector.Splat(l5[k]), columns, c5);
            c6 = TVector.MultiplyAdd(TVector.Splat(l6[k]), columns, c6);
            c7 = TVector.MultiplyAdd(TVector.Splat(l7[k]), columns, c7);
        }

        c0.Store(resultRows[0] + column);
        c1.Store(resultRows[1] + column);
        c2.Store(resultRows[2] + column);
        c3.Store(resultRows[3] + column);
        c4.Store(resultRows[4] + column);
        c5.Store(resultRows[5] + column);
        c6.Store(resultRows[6] + column);
        c7.Store(resultRows[7] + column);
    }
}
