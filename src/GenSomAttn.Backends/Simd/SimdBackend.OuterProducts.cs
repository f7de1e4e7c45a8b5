using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// Sums of outer products of row pairs, for gradients of weights: the micro-kernel and the edges of the result.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Computation of output += Σ over rows of left[row]ᵀ · right[row].</summary>
    private static class OuterProducts
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
        public static void Add(Operand left, Operand right, int rows, float* output, int outputStride, float* scratch)
        {
            const int Height = MatrixTile<TVector>.Height;
            int width = MatrixTile<TVector>.Width;
            int* leftOffsets = stackalloc int[BlockRows];
            int* rightOffsets = stackalloc int[BlockRows];
            float* tile = stackalloc float[Height * width];
            Operand l = left.Padded(Height, rows, scratch, leftOffsets);
            Operand r = right.Padded(TVector.Count, rows, scratch + (BlockRows * RoundUp(left.Width, Height)), rightOffsets);
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
        private static void AddTile(Operand left, int i, Operand right, int j, int rows, float* target, int stride)
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

        /// <summary>Rows of one width, addressed by their offsets.</summary>
        public readonly struct Operand(float* data, int* offsets, int width)
        {
            public float* Data { get; } = data;

            public int* Offsets { get; } = offsets;

            public int Width { get; } = width;

            /// <summary>Floats from these rows to the same rows of the operand that is probably needed next; 0 for none.</summary>
            public long Ahead { get; init; }

            /// <summary>Prefetches one of several equal parts of the next operand's rows.</summary>
            public void FetchAhead(int rows, int part, int parts)
            {
                if (Ahead == 0)
                {
                    return;
                }

                int end = rows * (part + 1) / parts;
                for (int row = rows * part / parts; row < end; row++)
                {
                    Prefetch.Row(Data + Offsets[row] + Ahead, Width);
                }
            }

            /// <summary>Returns the operand itself if its width is a multiple of the tile's, else a copy padded with zeros.</summary>
            public Operand Padded(int multiple, int rows, float* copy, int* copyOffsets)
            {
                if (Width % multiple == 0)
                {
                    return this;
                }

                int padded = RoundUp(Width, multiple);
                for (int row = 0; row < rows; row++)
                {
                    copyOffsets[row] = row * padded;
                    var target = new Span<float>(copy + (row * padded), padded);
                    new Span<float>(Data + Offsets[row], Width).CopyTo(target);
                    target[Width..].Clear();
                }

                return new Operand(copy, copyOffsets, padded);
            }
        }
    }
}
