using System.Numerics;
using System.Runtime.CompilerServices;
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
    // 64 rows of 128 doubles, 64 kB, stay in an L2 cache, and a panel of 12 columns, 12 kB, in an L1 cache. 48 columns are whole panels
    // of vectors of any width.
    private const int BlockRows = 64;
    private const int BlockColumns = 48;

    /// <summary>
    /// Passes every dot product a · b to a visitor. The segments of a row come from left to right, one at a time; different rows come
    /// concurrently from several threads.
    /// </summary>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <param name="visitor">Receives the (N, M) dot products.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static void Visit<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T> => VisitBlocks(a, b, visitor, isOncePerPair: false);

    /// <summary>
    /// Passes the dot product of every pair of different rows of one matrix to a visitor once: the columns of a row are those after it.
    /// </summary>
    /// <param name="rows">(N, D).</param>
    /// <param name="visitor">Receives N (N - 1) / 2 dot products, as in <see cref="Visit"/>.</param>
    public static void VisitPairs<T>(Rows<T> rows, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T> => VisitBlocks(rows, rows, visitor, isOncePerPair: true);

    /// <summary>Passes every squared Euclidean distance |a|² + |b|² - 2 a · b to a visitor, in the order of <see cref="Visit"/>.</summary>
    /// <remarks>
    /// Rounding errors are relative to |a|² + |b|², not to the distance (cancellation); negative results are clamped to 0.
    /// </remarks>
    /// <param name="a">(N, D).</param>
    /// <param name="b">(M, D).</param>
    /// <param name="visitor">Receives the (N, M) squared distances.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static void VisitSquaredDistances<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T> => VisitBlockDistances(a, b, visitor, isOncePerPair: false);

    /// <summary>Passes the squared distance of every pair of different rows to a visitor once, as <see cref="VisitPairs"/>.</summary>
    /// <param name="rows">(N, D).</param>
    /// <param name="visitor">Receives N (N - 1) / 2 squared distances.</param>
    public static void VisitSquaredDistancesOfPairs<T>(Rows<T> rows, RowVisitor<T> visitor)
        where T : unmanaged, IFloatingPointIeee754<T> => VisitBlockDistances(rows, rows, visitor, isOncePerPair: true);

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

    /// <summary>Computes a b + c, fused (FMA, rounded once) where the processor supports it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<T> MultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> c)
        where T : unmanaged, IFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
            : Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    private static void VisitBlocks<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor, bool isOncePerPair)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(visitor);
        a.CheckSameDimension(b);
        T[] panels = Pack(b);
        Parallel.For(0, DivideUp(a.Count, BlockRows), block =>
        {
            T[] products = new T[BlockRows * BlockColumns];
            var scratch = new Vector<T>[RowTile<T>.Scratch];
            int firstRow = block * BlockRows;
            int rows = Math.Min(BlockRows, a.Count - firstRow);
            int start = isOncePerPair ? firstRow - (firstRow % BlockColumns) : 0;
            for (int firstColumn = start; firstColumn < b.Count; firstColumn += BlockColumns)
            {
                int columns = Math.Min(BlockColumns, b.Count - firstColumn);
                Multiply(
                    a.Values.Slice(firstRow * a.Dimension, rows * a.Dimension),
                    b.Values.Slice(firstColumn * a.Dimension, columns * a.Dimension),
                    panels.AsSpan(Math.Min(panels.Length, firstColumn * a.Dimension)), a.Dimension, scratch, products);
                for (int row = 0; row < rows; row++)
                {
                    int left = isOncePerPair ? Math.Clamp(firstRow + row + 1 - firstColumn, 0, columns) : 0;
                    if (left < columns)
                    {
                        visitor(firstRow + row, firstColumn + left, products.AsSpan((row * columns) + left, columns - left));
                    }
                }
            }
        });
    }

    private static void VisitBlockDistances<T>(Rows<T> a, Rows<T> b, RowVisitor<T> visitor, bool isOncePerPair)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(visitor);
        T[] squaredOfA = SquaredLengths(a);
        T[] squaredOfB = ReferenceEquals(a, b) ? squaredOfA : SquaredLengths(b);
        VisitBlocks(
            a, b, (row, firstColumn, products) =>
            {
                Span<T> distances = stackalloc T[BlockColumns];
                ReadOnlySpan<T> others = squaredOfB.AsSpan(firstColumn, products.Length);
                var own = new Vector<T>(squaredOfA[row]);
                int i = 0;
                for (; i <= products.Length - Vector<T>.Count; i += Vector<T>.Count)
                {
                    var product = new Vector<T>(products[i..]);
                    Vector<T> distance = own + new Vector<T>(others[i..]) - (product + product);
                    Vector<T> isPositive = Vector.GreaterThan(distance, Vector<T>.Zero);
                    Vector.ConditionalSelect(isPositive, distance, Vector<T>.Zero).CopyTo(distances[i..]);
                }

                for (; i < products.Length; i++)
                {
                    T distance = squaredOfA[row] + others[i] - (products[i] + products[i]);
                    distances[i] = distance > T.Zero ? distance : T.Zero;
                }

                visitor(row, firstColumn, distances[..products.Length]);
            },
            isOncePerPair);
    }

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

    /// <summary>Copies the rows, except those after the last whole panel, as columns into panels of <see cref="RowTile{T}"/>.</summary>
    private static T[] Pack<T>(Rows<T> rows)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int columns = RowTile<T>.Columns;
        int dimension = rows.Dimension;
        int count = rows.Count / columns;
        int[] places = [.. Enumerable.Range(0, dimension).Select(element => RowTile<T>.PlaceOf(element, dimension))];
        T[] panels = new T[count * columns * dimension];
        Parallel.For(0, count, index =>
        {
            Span<T> panel = panels.AsSpan(index * columns * dimension, columns * dimension);
            for (int column = 0; column < columns; column++)
            {
                ReadOnlySpan<T> row = rows[(index * columns) + column];
                for (int element = 0; element < row.Length; element++)
                {
                    panel[(places[element] * columns) + column] = row[element];
                }
            }
        });
        return panels;
    }

    /// <summary>Computes products[row, column] = a[row] · b[column] of a block: full tiles, and single dot products at its edges.</summary>
    private static void Multiply<T>(
        ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> panels, int dimension, Span<Vector<T>> scratch, Span<T> products)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = a.Length / dimension;
        int columns = b.Length / dimension;
        int tiledRows = rows - (rows % RowTile<T>.Rows);
        int tiledColumns = columns - (columns % RowTile<T>.Columns);
        for (int column = 0; column < tiledColumns; column += RowTile<T>.Columns)
        {
            ReadOnlySpan<T> panel = panels.Slice(column * dimension, RowTile<T>.Columns * dimension);
            for (int row = 0; row < tiledRows; row += RowTile<T>.Rows)
            {
                RowTile<T>.Multiply(
                    a.Slice(row * dimension, RowTile<T>.Rows * dimension), panel, scratch, products[((row * columns) + column)..], columns);
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = row < tiledRows ? tiledColumns : 0; column < columns; column++)
            {
                products[(row * columns) + column] = Product(a.Slice(row * dimension, dimension), b.Slice(column * dimension, dimension));
            }
        }
    }

    private static T Product<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> lanes = default;
        int whole = a.Length - (a.Length % Vector<T>.Count);
        for (int i = 0; i < whole; i += Vector<T>.Count)
        {
            lanes = MultiplyAdd(new Vector<T>(a[i..]), new Vector<T>(b[i..]), lanes);
        }

        T sum = Vector.Sum(lanes);
        for (int i = whole; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
