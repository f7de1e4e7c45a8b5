using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>
/// Sums of outer products of row pairs, for gradients of weights: output += Σ over rows of left[row]ᵀ · right[row], by the micro-kernel,
/// and in scratch memory at the edges of the result.
/// </summary>
internal static unsafe class OuterProducts<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Rows of a block: both operands' rows stay in the second-level cache between tiles.</summary>
    public const int BlockRows = 256;

    /// <summary>Computes the floats of scratch for operands of these widths.</summary>
    public static int ScratchLength(int leftWidth, int rightWidth)
        => BlockRows * (RoundUp(leftWidth, MatrixTile<TVector>.Height) + RoundUp(rightWidth, TVector.Count));

    /// <summary>Adds the products of at most <see cref="BlockRows"/> row pairs.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="rows">Row pairs.</param>
    /// <param name="output">(left width, right width), added to.</param>
    /// <param name="outputStride">Floats between two rows of the output.</param>
    /// <param name="scratch">Memory for the padded copy of an operand whose width does not fit the tile.</param>
    [SkipLocalsInit]
    public static void Add(OuterOperand left, OuterOperand right, int rows, float* output, int outputStride, float* scratch)
    {
        const int Height = MatrixTile<TVector>.Height;
        int width = MatrixTile<TVector>.Width;
        int* leftOffsets = stackalloc int[BlockRows];
        int* rightOffsets = stackalloc int[BlockRows];
        float* tile = stackalloc float[Height * width];
        OuterOperand l = left.Padded(Height, rows, scratch, leftOffsets);
        OuterOperand r = right.Padded(TVector.Count, rows, scratch + (BlockRows * RoundUp(left.Width, Height)), rightOffsets);
        int tiles = DivideUp(left.Width, Height) * DivideUp(right.Width, width), done = 0;
        for (int i = 0; i < left.Width; i += Height)
        {
            int validRows = Math.Min(Height, left.Width - i);
            for (int j = 0; j < right.Width; j += width)
            {
                int validColumns = Math.Min(width, right.Width - j);
                float* target = output + ((long)i * outputStride) + j;
                left.FetchAhead(rows, done, tiles);
                right.FetchAhead(rows, done++, tiles);
                if (validRows == Height && (validColumns == width || validColumns == TVector.Count))
                {
                    AddTile(l, i, r, j, rows, target, outputStride);
                    continue;
                }

                new Span<float>(tile, Height * width).Clear();
                AddTile(l, i, r, j, rows, tile, width);
                AddPart(tile, width, validRows, validColumns, target, outputStride);
            }
        }
    }

    /// <summary>Adds a tile; at the right edge, half a tile if no more columns are left.</summary>
    private static void AddTile(OuterOperand left, int i, OuterOperand right, int j, int rows, float* target, int stride)
    {
        if (right.Width - j <= TVector.Count)
        {
            MatrixTile<TVector>.AddOuterProductsNarrow(
                left.Data + i, left.Offsets, right.Data + j, right.Offsets, rows, target, stride);
        }
        else
        {
            MatrixTile<TVector>.AddOuterProducts(
                left.Data + i, left.Offsets, right.Data + j, right.Offsets, rows, target, stride);
        }
    }

    private static void AddPart(float* tile, int tileWidth, int rows, int columns, float* target, int targetStride)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                target[((long)i * targetStride) + j] += tile[(i * tileWidth) + j];
            }
        }
    }
}
