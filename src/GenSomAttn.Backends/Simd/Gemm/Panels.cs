using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>
/// The packed right operand of a GEMM, (depth, columns), depth being K and columns N, and the initial value of each column's sum: panels of
/// <see cref="MatrixTile{TVector}.Width"/> columns, each row of a panel contiguous, the last panel padded with zeros. The micro-kernel then
/// reads it from front to back, whatever layout the weight has.
/// </summary>
internal readonly unsafe struct Panels<TVector>(float* data, float* bias, int depth, int columns)
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly float* _data = data;
    private readonly float* _bias = bias;

    /// <summary>Number of panels.</summary>
    public int Count => DivideUp(Columns, MatrixTile<TVector>.Width);

    /// <summary>Valid columns over all panels.</summary>
    public int Columns { get; } = columns;

    /// <summary>Computes the floats of packed panels and their bias.</summary>
    public static int Length(int depth, int columns) => RoundUp(columns, MatrixTile<TVector>.Width) * (depth + 1);

    /// <summary>Packs a right operand that lies in memory as source[k · rowStride + j · columnStride].</summary>
    public static Panels<TVector> Pack(
        WorkerPool pool, float* source, int depth, int columns, int rowStride, int columnStride, float* bias, float* destination)
    {
        int wholeMatrix = 0;
        return Pack(pool, source, &wholeMatrix, 1, 0, depth, columns, rowStride, columnStride, bias, destination);
    }

    /// <summary>
    /// Packs a right operand whose rows come in segments, one per kernel position: element (s, k, j) is source[taps[s] · tapStride + k ·
    /// rowStride + j · columnStride].
    /// </summary>
    public static Panels<TVector> Pack(
        WorkerPool pool, float* source, int* taps, int tapCount, int tapStride, int segmentLength, int columns, int rowStride,
        int columnStride, float* bias, float* destination)
    {
        int width = MatrixTile<TVector>.Width;
        int depth = tapCount * segmentLength;
        int paddedColumns = RoundUp(columns, width);
        var packedBias = new Span<float>(destination + ((long)paddedColumns * depth), paddedColumns);
        packedBias.Clear();
        if (bias != null)
        {
            new Span<float>(bias, columns).CopyTo(packedBias);
        }

        PackJob job = default;
        job.Source = source;
        job.Taps = taps;
        job.TapCount = tapCount;
        job.TapStride = tapStride;
        job.SegmentLength = segmentLength;
        job.Columns = columns;
        job.RowStride = rowStride;
        job.ColumnStride = columnStride;
        job.Destination = destination;
        pool.Run(job, DivideUp(columns, width));
        return new Panels<TVector>(destination, destination + ((long)paddedColumns * depth), depth, columns);
    }

    /// <summary>Multiplies up to eight rows by some panels and writes the valid rows and columns of the output.</summary>
    /// <param name="rows">For each segment, addresses of eight rows.</param>
    /// <param name="segments">Segments of a row; segments · segmentLength is the depth.</param>
    /// <param name="segmentLength">Floats of a row in one segment.</param>
    /// <param name="firstPanel">First panel.</param>
    /// <param name="endPanel">Panel after the last.</param>
    /// <param name="output">Addresses of the rows of the result.</param>
    /// <param name="validRows">Number of valid rows among the eight; the others repeat a valid address.</param>
    public void Multiply(
        float** rows, int segments, int segmentLength, int firstPanel, int endPanel, float** output, int validRows)
    {
        int width = MatrixTile<TVector>.Width;
        for (int panel = firstPanel; panel < endPanel; panel++)
        {
            int column = panel * width;
            float* panelData = _data + ((long)column * depth);
            if (validRows == MatrixTile<TVector>.Height && column + width <= Columns)
            {
                MatrixTile<TVector>.Multiply(rows, segments, segmentLength, panelData, _bias + column, output, column);
            }
            else if (validRows == MatrixTile<TVector>.Height && column + TVector.Count == Columns)
            {
                MatrixTile<TVector>.MultiplyNarrow(rows, segments, segmentLength, panelData, _bias + column, output, column);
            }
            else
            {
                MultiplyPart(rows, segments, segmentLength, panelData, column, output, validRows);
            }
        }
    }

    /// <summary>Computes a tile at the edge of the result in scratch memory and copies its valid part.</summary>
    [SkipLocalsInit]
    private void MultiplyPart(
        float** rows, int segments, int segmentLength, float* panelData, int column, float** output, int validRows)
    {
        const int Height = MatrixTile<TVector>.Height;
        int width = MatrixTile<TVector>.Width;
        int validColumns = Math.Min(width, Columns - column);
        float* tile = stackalloc float[Height * width];
        float** tileRows = stackalloc float*[Height];
        for (int r = 0; r < Height; r++)
        {
            tileRows[r] = tile + (r * width);
        }

        if (validColumns <= TVector.Count)
        {
            MatrixTile<TVector>.MultiplyNarrow(rows, segments, segmentLength, panelData, _bias + column, tileRows, 0);
        }
        else
        {
            MatrixTile<TVector>.Multiply(rows, segments, segmentLength, panelData, _bias + column, tileRows, 0);
        }

        for (int r = 0; r < validRows; r++)
        {
            new Span<float>(tileRows[r], validColumns).CopyTo(new Span<float>(output[r] + column, validColumns));
        }
    }

    /// <summary>Packing; one item is one panel.</summary>
    private struct PackJob : IJob
    {
        public float* Source;
        public int* Taps;
        public int TapCount;
        public int TapStride;
        public int SegmentLength;
        public int Columns;
        public int RowStride;
        public int ColumnStride;
        public float* Destination;

        public readonly void Execute(int item, int worker)
        {
            int width = MatrixTile<TVector>.Width;
            int column = item * width;
            int validColumns = Math.Min(width, Columns - column);
            float* destination = Destination + ((long)column * TapCount * SegmentLength);
            for (int tap = 0; tap < TapCount; tap++)
            {
                float* source = Source + ((long)Taps[tap] * TapStride) + ((long)column * ColumnStride);
                for (int k = 0; k < SegmentLength; k++, source += RowStride, destination += width)
                {
                    CopyRow(source, validColumns, destination, width);
                }
            }
        }

        private readonly void CopyRow(float* source, int validColumns, float* destination, int width)
        {
            if (ColumnStride == 1 && validColumns == width)
            {
                TVector.Load(source).Store(destination);
                TVector.Load(source + TVector.Count).Store(destination + TVector.Count);
                return;
            }

            for (int j = 0; j < validColumns; j++)
            {
                destination[j] = source[(long)j * ColumnStride];
            }

            new Span<float>(destination + validColumns, width - validColumns).Clear();
        }
    }
}
