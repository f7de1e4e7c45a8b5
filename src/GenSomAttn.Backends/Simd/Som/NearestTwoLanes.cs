using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Som;

/// <summary>
/// The two smallest values of each column and their rows, for all columns of a tile at once: each lane holds those of its own column. Of
/// equal values the first wins; NaN never wins.
/// </summary>
internal static unsafe class NearestTwoLanes<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Floats of a column's state: the two smallest values and their rows, which are ints in the bits of floats.</summary>
    public const int FloatsPerColumn = 4;

    /// <summary>Initializes the state: no value seen.</summary>
    public static void Clear(float* state)
    {
        int width = MatrixTile<TVector>.Width;
        new Span<float>(state, 2 * width).Fill(float.PositiveInfinity);
        new Span<int>(state + (2 * width), 2 * width).Fill(-1);
    }

    /// <summary>Updates the state with some rows of a tile, each with a number added to all its columns.</summary>
    /// <param name="tile">(rows, Width).</param>
    /// <param name="addends">(rows).</param>
    /// <param name="firstRow">Index of the first of the rows.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="state">(4, Width), from <see cref="Clear"/> or an earlier call.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(float* tile, float* addends, int firstRow, int rows, float* state)
    {
        int half = TVector.Count, width = 2 * half;
        float* smallest = state, second = smallest + width, smallestRow = second + width, secondRow = smallestRow + width;
        TVector smallestLow = TVector.Load(smallest), smallestHigh = TVector.Load(smallest + half);
        TVector secondLow = TVector.Load(second), secondHigh = TVector.Load(second + half);
        TVector smallestRowLow = TVector.Load(smallestRow), smallestRowHigh = TVector.Load(smallestRow + half);
        TVector secondRowLow = TVector.Load(secondRow), secondRowHigh = TVector.Load(secondRow + half);
        for (float* end = addends + rows; addends != end; addends++, tile += width, firstRow++)
        {
            TVector addend = TVector.Splat(*addends), row = TVector.Splat(BitConverter.Int32BitsToSingle(firstRow));
            Add(TVector.Load(tile) + addend, row, ref smallestLow, ref secondLow, ref smallestRowLow, ref secondRowLow);
            Add(TVector.Load(tile + half) + addend, row, ref smallestHigh, ref secondHigh, ref smallestRowHigh, ref secondRowHigh);
        }

        Store(smallest, smallestLow, smallestHigh);
        Store(second, secondLow, secondHigh);
        Store(smallestRow, smallestRowLow, smallestRowHigh);
        Store(secondRow, secondRowLow, secondRowHigh);
    }

    /// <summary>Returns the rows of the two smallest values of a column; -1 where there are fewer.</summary>
    public static (int Smallest, int Second) Rows(float* state, int column)
    {
        int width = MatrixTile<TVector>.Width;
        int* rows = (int*)(state + (2 * width));
        return (rows[column], rows[width + column]);
    }

    /// <summary>
    /// Updates the two smallest with a value: one below the smallest replaces it, and the old smallest becomes the second; one between
    /// the two replaces the second.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        TVector value, TVector row, ref TVector smallest, ref TVector second, ref TVector smallestRow, ref TVector secondRow)
    {
        secondRow = TVector.WhereLess(value, smallest, smallestRow, TVector.WhereLess(value, second, row, secondRow));
        second = TVector.WhereLess(value, smallest, smallest, TVector.WhereLess(value, second, value, second));
        smallestRow = TVector.WhereLess(value, smallest, row, smallestRow);
        smallest = TVector.WhereLess(value, smallest, value, smallest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* destination, TVector low, TVector high)
    {
        low.Store(destination);
        high.Store(destination + TVector.Count);
    }
}
