using System.Numerics;
using System.Runtime.InteropServices;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Metrics;

/// <summary>Callback for a segment of one row of a result.</summary>
/// <param name="row">Index of the row.</param>
/// <param name="firstColumn">Column of the first value.</param>
/// <param name="values">Consecutive values from that column on.</param>
public delegate void RowVisitor<T>(int row, int firstColumn, ReadOnlySpan<T> values);

/// <summary>
/// GEMM A Bᵀ: dot products and squared distances of all rows of one matrix with all rows of another, cache-blocked and streamed: a
/// result of 10,000 x 10,000 is visited block by block and never stored.
/// </summary>
/// <remarks>
/// A dot product is summed in one order, independent of its position in a block and of the number of threads: each SIMD lane sums every
/// Vector.Count-th element, then the lanes are added, then the remaining elements. So a · b has the bits of b · a, and the distance of
/// equal rows is 0.
/// </remarks>
public static class RowProducts
{
    // 64 rows by 48 of 784 floats, 200 and 150 kB, fit an L2 cache of 512 kB. A 4 x 3 register tile has 12 accumulators of 16 registers.
    private const int BlockRows = 64;
    private const int BlockColumns = 48;
    private const int TileRows = 4;
    private const int TileColumns = 3;

    /// <summary>
    /// Passes every dot product a · b to a visitor. The segments of a row come from left to right, one at a time; different rows come
    /// concurrently from several threads.
    /// </summary>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <param name="visitor">Receives the (N, M) dot products.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static void Visit<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(visitor);
        a.CheckSameDimension(b);
        Parallel.For(0, DivideUp(a.Count, BlockRows), block =>
        {
            T[] products = new T[BlockRows * BlockColumns];
            int firstRow = block * BlockRows;
            int rows = Math.Min(BlockRows, a.Count - firstRow);
            for (int firstColumn = 0; firstColumn < b.Count; firstColumn += BlockColumns)
            {
                int columns = Math.Min(BlockColumns, b.Count - firstColumn);
                Multiply(
                    a.Values.Slice(firstRow * a.Dimension, rows * a.Dimension),
                    b.Values.Slice(firstColumn * a.Dimension, columns * a.Dimension), a.Dimension, products);
                for (int row = 0; row < rows; row++)
                {
                    visitor(firstRow + row, firstColumn, products.AsSpan(row * columns, columns));
                }
            }
        });
    }

    /// <summary>Passes every squared Euclidean distance |a|² + |b|² - 2 a · b to a visitor, in the order of <see cref="Visit"/>.</summary>
    /// <remarks>
    /// Rounding errors are relative to |a|² + |b|², not to the distance (cancellation); negative results are clamped to 0.
    /// </remarks>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <param name="visitor">Receives the (N, M) squared distances.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static void VisitSquaredDistances<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(visitor);
        T[] squaredOfA = SquaredLengths(a);
        T[] squaredOfB = SquaredLengths(b);
        Visit(a, b, (row, firstColumn, products) =>
        {
            Span<T> distances = stackalloc T[BlockColumns];
            for (int i = 0; i < products.Length; i++)
            {
                T distance = squaredOfA[row] + squaredOfB[firstColumn + i] - (products[i] + products[i]);
                distances[i] = distance > T.Zero ? distance : T.Zero;
            }

            visitor(row, firstColumn, distances[..products.Length]);
        });
    }

    /// <summary>Computes and stores A Bᵀ, (N, M).</summary>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static Rows<T> Of<T>(Rows<T> a, Rows<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> => Stored(a, b, Visit);

    /// <summary>Computes and stores all squared Euclidean distances, (N, M).</summary>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static Rows<T> SquaredDistances<T>(Rows<T> a, Rows<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> => Stored(a, b, VisitSquaredDistances);

    private static Rows<T> Stored<T>(Rows<T> a, Rows<T> b, Action<Rows<T>, Rows<T>, RowVisitor<T>> visit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        T[] all = new T[a.Count * b.Count];
        visit(a, b, (row, firstColumn, values) => values.CopyTo(all.AsSpan((row * b.Count) + firstColumn)));
        return new Rows<T>(all, b.Count);
    }

    private static T[] SquaredLengths<T>(Rows<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] squared = new T[rows.Count];
        Parallel.For(0, rows.Count, n => squared[n] = Product(rows[n], rows[n]));
        return squared;
    }

    /// <summary>Computes products[row, column] = a[row] · b[column] of a block: full tiles, and single dot products at its edges.</summary>
    private static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int dimension, Span<T> products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = a.Length / dimension;
        int columns = b.Length / dimension;
        for (int row = 0; row < rows; row += TileRows)
        {
            for (int column = 0; column < columns; column += TileColumns)
            {
                if (row + TileRows <= rows && column + TileColumns <= columns)
                {
                    Tile(
                        a.Slice(row * dimension, TileRows * dimension), b.Slice(column * dimension, TileColumns * dimension), dimension,
                        products[((row * columns) + column)..], columns);
                    continue;
                }

                for (int r = row; r < Math.Min(row + TileRows, rows); r++)
                {
                    for (int c = column; c < Math.Min(column + TileColumns, columns); c++)
                    {
                        products[(r * columns) + c] = Product(a.Slice(r * dimension, dimension), b.Slice(c * dimension, dimension));
                    }
                }
            }
        }
    }

    /// <summary>Computes the 4 x 3 dot products of a tile.</summary>
    private static void Tile<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int dimension, Span<T> products, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int whole = dimension - (dimension % Vector<T>.Count);
        Span<Vector<T>> sums = stackalloc Vector<T>[TileRows * TileColumns];
        SumLanes(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), (nuint)dimension, (nuint)whole, sums);
        for (int row = 0; row < TileRows; row++)
        {
            for (int column = 0; column < TileColumns; column++)
            {
                products[(row * columns) + column] = WithRest(
                    sums[(row * TileColumns) + column], a.Slice(row * dimension, dimension), b.Slice(column * dimension, dimension), whole);
            }
        }
    }

    /// <summary>
    /// Micro-kernel: accumulates a tile lane by lane over the elements that fill whole vectors. Each step loads 7 vectors and does 12
    /// multiply-adds. It makes no calls, which would spill the accumulators to memory in every step.
    /// </summary>
    private static void SumLanes<T>(ref T a, ref T b, nuint dimension, nuint whole, Span<Vector<T>> sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector<T> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (nuint i = 0; i < whole; i += (nuint)Vector<T>.Count)
        {
            Vector<T> b0 = Vector.LoadUnsafe(ref b, i);
            Vector<T> b1 = Vector.LoadUnsafe(ref b, i + dimension);
            Vector<T> b2 = Vector.LoadUnsafe(ref b, i + (2 * dimension));
            Vector<T> row = Vector.LoadUnsafe(ref a, i);
            s00 = MultiplyAdd(row, b0, s00);
            s01 = MultiplyAdd(row, b1, s01);
            s02 = MultiplyAdd(row, b2, s02);
            row = Vector.LoadUnsafe(ref a, i + dimension);
            s10 = MultiplyAdd(row, b0, s10);
            s11 = MultiplyAdd(row, b1, s11);
            s12 = MultiplyAdd(row, b2, s12);
            row = Vector.LoadUnsafe(ref a, i + (2 * dimension));
            s20 = MultiplyAdd(row, b0, s20);
            s21 = MultiplyAdd(row, b1, s21);
            s22 = MultiplyAdd(row, b2, s22);
            row = Vector.LoadUnsafe(ref a, i + (3 * dimension));
            s30 = MultiplyAdd(row, b0, s30);
            s31 = MultiplyAdd(row, b1, s31);
            s32 = MultiplyAdd(row, b2, s32);
        }

        (sums[0], sums[1], sums[2]) = (s00, s01, s02);
        (sums[3], sums[4], sums[5]) = (s10, s11, s12);
        (sums[6], sums[7], sums[8]) = (s20, s21, s22);
        (sums[9], sums[10], sums[11]) = (s30, s31, s32);
    }

    private static T Product<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> sum = default;
        int whole = a.Length - (a.Length % Vector<T>.Count);
        for (int i = 0; i < whole; i += Vector<T>.Count)
        {
            sum = MultiplyAdd(new Vector<T>(a[i..]), new Vector<T>(b[i..]), sum);
        }

        return WithRest(sum, a, b, whole);
    }

    private static T WithRest<T>(Vector<T> lanes, ReadOnlySpan<T> a, ReadOnlySpan<T> b, int whole)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = Vector.Sum(lanes);
        for (int i = whole; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Computes a b + c, fused (FMA, rounded once) where the processor supports it.</summary>
    private static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
}
