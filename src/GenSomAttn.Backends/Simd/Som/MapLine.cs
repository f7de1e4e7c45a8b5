using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>
/// The units of one row or one column of the map. Smoothing is a GEMM: a matrix h(position, other), whose columns are the units with
/// hits, times the sums of these units, packed in panels. h is 0 beyond the neighborhood's reach.
/// </summary>
internal readonly unsafe struct MapLine<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly BatchUpdate _update;
    private readonly int* _positions;
    private readonly float* _hits;
    private readonly float* _weights;
    private readonly float* _panels;

    /// <summary>Packs the hits and sums of a line.</summary>
    /// <param name="update">The update that holds the hits and sums.</param>
    /// <param name="firstUnit">The first unit of the line.</param>
    /// <param name="step">Units between two neighbors on the line.</param>
    /// <param name="length">Units of the line.</param>
    /// <param name="scratch">Memory of <see cref="ScratchLength"/> floats.</param>
    public MapLine(BatchUpdate update, int firstUnit, int step, int length, float* scratch)
    {
        _update = update;
        _positions = (int*)scratch;
        _hits = scratch + length;
        _weights = _hits + length;
        _panels = _weights + (MatrixTile<TVector>.Height * length);
        for (int position = 0; position < length; position++)
        {
            float hits = update.Hits[firstUnit + ((long)position * step)];
            if (hits > 0)
            {
                _positions[Count] = position;
                _hits[Count++] = hits;
            }
        }

        for (int i = 0; i < Count; i++)
        {
            Pack(i, update.Sums + ((firstUnit + ((long)_positions[i] * step)) * update.Shape.Dimension));
        }
    }

    /// <summary>Units with hits.</summary>
    public int Count { get; }

    /// <summary>Computes the floats of scratch for a line.</summary>
    public static int ScratchLength(int length, int dimension)
        => length * (2 + MatrixTile<TVector>.Height + RoundUp(dimension, MatrixTile<TVector>.Width));

    /// <summary>Smooths at up to eight neighboring positions.</summary>
    /// <param name="first">The first position.</param>
    /// <param name="valid">Number of positions.</param>
    /// <param name="hits">For each position, Σ over the line of h · hits.</param>
    /// <param name="sums">For each position, where to write Σ over the line of h · sums.</param>
    public void Smooth(int first, int valid, float* hits, float** sums)
    {
        const int Height = MatrixTile<TVector>.Height;
        int from = CountBefore(first - _update.Reach + 1), count = CountBefore(first + valid - 1 + _update.Reach) - from;
        float** weights = stackalloc float*[Height];
        for (int r = 0; r < Height; r++)
        {
            // Rows beyond the last are clamped to it.
            weights[r] = _weights + (Math.Min(r, valid - 1) * count);
        }

        for (int r = 0; r < valid; r++)
        {
            hits[r] = 0;
            for (int i = 0; i < count; i++)
            {
                float h = _update.Gaussian[Math.Abs(first + r - _positions[from + i])];
                weights[r][i] = h;
                hits[r] += h * _hits[from + i];
            }
        }

        var panels = new Panels<TVector>(_panels + (from * MatrixTile<TVector>.Width), _update.NoBias, Count, _update.Shape.Dimension);
        panels.Multiply(weights, 1, count, 0, panels.Count, sums, valid);
    }

    /// <summary>Returns the number of units with hits before a position.</summary>
    private int CountBefore(int position)
    {
        int index = new Span<int>(_positions, Count).BinarySearch(position);
        return index < 0 ? ~index : index;
    }

    /// <summary>Packs the sums of a unit as one row of every panel.</summary>
    private void Pack(int row, float* sums)
    {
        int width = MatrixTile<TVector>.Width;
        for (int column = 0; column < _update.Shape.Dimension; column += width)
        {
            float* target = _panels + ((long)column * Count) + (row * width);
            int valid = Math.Min(width, _update.Shape.Dimension - column);
            ShortRows<TVector>.Copy(sums + column, valid, target);
            new Span<float>(target + valid, width - valid).Clear();
        }
    }
}
