using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

/// <summary>
/// The two smallest of a column of numbers and where they stand, for all columns of a tile at once: each lane keeps the two of
/// its own column. Of equals the first counts; a not-a-number is never one of them.
/// </summary>
internal static unsafe class NearestTwoLanes<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Floats that a column takes: the two smallest numbers and their rows, ints whose bits are moved as a float's.</summary>
    public const int FloatsPerColumn = 4;

    /// <summary>Begins with no number seen.</summary>
    public static void Clear(float* state)
    {
        int width = MatrixTile<TVector>.Width;
        new Span<float>(state, 2 * width).Fill(float.PositiveInfinity);
        new Span<int>(state + (2 * width), 2 * width).Fill(-1);
    }

    /// <summary>Takes some rows of a tile into account, each with a number added to all its columns.</summary>
    /// <param name="tile">(rows, Width).</param>
    /// <param name="addends">(rows).</param>
    /// <param name="firstRow">Where the first of the rows stands.</param>
    /// <param name="rows">How many there are.</param>
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

    /// <summary>Rows of the two smallest numbers of a column, -1 where there were not so many.</summary>
    public static (int Smallest, int Second) Rows(float* state, int column)
    {
        int width = MatrixTile<TVector>.Width;
        int* rows = (int*)(state + (2 * width));
        return (rows[column], rows[width + column]);
    }

    /// <summary>A number smaller than the smallest makes that the second; one between the two takes the second's place.</summary>
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
