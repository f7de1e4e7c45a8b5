using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Operands;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// GEMM kernels, naive and tiled, over operands of any kind (<see cref="IGemmOperand"/>): result[row, column] = Σ over inner of
/// left[row, inner] · right[inner, column], with M rows, N columns and K inner indices. Linear layers are plain GEMMs, convolutions
/// implicit ones.
/// </summary>
public static class MatrixProductKernels
{
    /// <summary>Side of a thread's register block: it computes 4 x 4 elements of the result.</summary>
    private const int PerThread = 4;

    /// <summary>
    /// Floats between two inner indices of the largest tile in shared memory: its 64 rows, and 4 floats of padding against bank
    /// conflicts.
    /// </summary>
    private const int LargestStride = (PerThread * 16) + PerThread;

    /// <summary>All instances that are launched: every combination of operands and output, in every variant.</summary>
    public static IReadOnlyList<Delegate> Instances { get; } =
    [
        .. Of<RowMajor, ColumnMajor, MatrixOutput>(),
        .. Of<RowMajor, RowMajor, MatrixOutput>(),
        .. Of<ColumnMajor, ColumnMajor, MatrixOutput>(),
        .. Of<Im2col, ColumnMajor, MatrixOutput>(),
        .. Of<Im2col, RowMajor, MatrixOutput>(),
        .. Of<Im2colTransposed, ColumnMajor, MatrixOutput>(),
        .. Of<ColumnMajor, Im2colTransposed, MatrixOutput>(),
        .. Of<PhaseWindows, PhaseKernel, PhaseOutput>(),
    ];

    /// <summary>
    /// Naive GEMM: one thread computes one element and reads the operands from global memory. Each element of an operand is read as often
    /// as it is used, which is not often where the result is narrow.
    /// </summary>
    public static void Naive<TLeft, TRight, TOutput>(TLeft left, TRight right, TOutput output)
        where TLeft : struct, IGemmOperand
        where TRight : struct, IGemmOperand
        where TOutput : struct, IProductOutput
    {
        int part = Grid.IdxY;
        left.SelectSlice(part);
        right.SelectSlice(part);
        output.SelectSlice(part);
        int index = Grid.GlobalIndex.X;
        int row = index / right.Outers;
        int column = index - (row * right.Outers);
        if (row < left.Outers)
        {
            ElementIndex leftPlace = left.Outer(row);
            ElementIndex rightPlace = right.Outer(column);
            float sum = 0;
            int inner = 0;
            if (left.InnerIsDense && left.HasFours)
            {
                for (; inner < left.Inners; inner += 4)
                {
                    Float4 four = left.Four(leftPlace, left.Inner(inner));
                    sum = DeviceMath.Fma(four.X, right.Element(rightPlace, right.Inner(inner)), sum);
                    sum = DeviceMath.Fma(four.Y, right.Element(rightPlace, right.Inner(inner + 1)), sum);
                    sum = DeviceMath.Fma(four.Z, right.Element(rightPlace, right.Inner(inner + 2)), sum);
                    sum = DeviceMath.Fma(four.W, right.Element(rightPlace, right.Inner(inner + 3)), sum);
                }
            }

            for (; inner < left.Inners; inner++)
            {
                sum = DeviceMath.Fma(
                    left.Element(leftPlace, left.Inner(inner)), right.Element(rightPlace, right.Inner(inner)), sum);
            }

            output.Store(row, column, sum);
        }
    }

    /// <summary>
    /// Shared-memory tiling with register blocking: one group computes a tile of the result, one thread 4 x 4 elements of it. K is
    /// traversed in steps of as many inner indices as the tile has threads on a side. For each step the group loads a tile of both
    /// operands into shared memory, every thread 4 elements of each; then each thread reads 4 + 4 of them for 16 multiply-adds per inner
    /// index. So an element of an operand is read from global memory once for a whole tile, and from shared memory once for 4
    /// multiply-adds, whose sums stay in registers.
    /// </summary>
    public static void Tiled<TLeft, TRight, TOutput, TSide>(TLeft left, TRight right, TOutput output, ProductSize size)
        where TLeft : struct, IGemmOperand
        where TRight : struct, IGemmOperand
        where TOutput : struct, IProductOutput
        where TSide : struct, ITileSide
    {
        int side = default(TSide).Side;
        int tile = PerThread * side;
        int stride = tile + PerThread;
        int part = Grid.IdxX / size.Tiles;
        int tileIndex = Grid.IdxX - (part * size.Tiles);
        int tileRow = tileIndex / size.TileColumns;
        int firstRow = tileRow * tile;
        int firstColumn = (tileIndex - (tileRow * size.TileColumns)) * tile;
        left.SelectSlice(part);
        right.SelectSlice(part);
        output.SelectSlice(part);

        ArrayView<float> shared = SharedMemory.Allocate<float>(2 * 16 * LargestStride);
        int rightStart = side * stride;

        // The same memory as vectors of four floats.
        ArrayView<Float4> vectors = shared.Cast<Float4>();
        int vectorStride = stride / PerThread;
        int rightVector = rightStart / PerThread;

        // The thread's position in the tile.
        int thread = Group.IdxX;
        int down = thread / side;
        int across = thread - (down * side);

        var leftLoad = new TileLoad<TLeft>(left, firstRow, thread, side);
        var rightLoad = new TileLoad<TRight>(right, firstColumn, thread, side);
        Float4 sums0 = default, sums1 = default, sums2 = default, sums3 = default;
        Float4 fromLeft = default, fromRight = default;
        int first = size.FirstInner(part);
        int end = size.EndInner(part, left.Inners);
        if (first < end)
        {
            fromLeft = leftLoad.Read(left, first, end);
            fromRight = rightLoad.Read(right, first, end);
        }

        for (int inner = first; inner < end; inner += side)
        {
            // The first barrier waits until all threads have read the previous step's tiles, the second until the new tiles are complete.
            Group.Barrier();
            leftLoad.Write(left, fromLeft, shared, 0, stride);
            rightLoad.Write(right, fromRight, shared, rightStart, stride);
            Group.Barrier();

            // Prefetch: the next step's elements are loaded into registers before this step's are multiplied, which hides the latency of
            // the loads.
            fromLeft = leftLoad.Read(left, inner + side, end);
            fromRight = rightLoad.Read(right, inner + side, end);
            for (int step = 0; step < side; step++)
            {
                Float4 a = vectors[(step * vectorStride) + down];
                Float4 b = vectors[rightVector + (step * vectorStride) + across];
                sums0 = sums0.PlusScaled(a.X, b);
                sums1 = sums1.PlusScaled(a.Y, b);
                sums2 = sums2.PlusScaled(a.Z, b);
                sums3 = sums3.PlusScaled(a.W, b);
            }
        }

        int row = firstRow + (PerThread * down);
        int column = firstColumn + (PerThread * across);
        StoreRow(output, row, column, sums0, left.Outers, right.Outers);
        StoreRow(output, row + 1, column, sums1, left.Outers, right.Outers);
        StoreRow(output, row + 2, column, sums2, left.Outers, right.Outers);
        StoreRow(output, row + 3, column, sums3, left.Outers, right.Outers);
    }

    private static Delegate[] Of<TLeft, TRight, TOutput>()
        where TLeft : struct, IGemmOperand
        where TRight : struct, IGemmOperand
        where TOutput : struct, IProductOutput =>
    [
        Naive<TLeft, TRight, TOutput>, Tiled<TLeft, TRight, TOutput, Side16>, Tiled<TLeft, TRight, TOutput, Side8>,
        Tiled<TLeft, TRight, TOutput, Side4>,
    ];

    private static void StoreRow<TOutput>(TOutput output, int row, int column, Float4 sums, int rows, int columns)
        where TOutput : struct, IProductOutput
    {
        if (row >= rows)
        {
            return;
        }

        if (output.HasFours)
        {
            if (column < columns)
            {
                output.StoreFour(row, column, sums);
            }
        }
        else
        {
            StoreElement(output, row, column, sums.X, columns);
            StoreElement(output, row, column + 1, sums.Y, columns);
            StoreElement(output, row, column + 2, sums.Z, columns);
            StoreElement(output, row, column + 3, sums.W, columns);
        }
    }

    private static void StoreElement<TOutput>(TOutput output, int row, int column, float sum, int columns)
        where TOutput : struct, IProductOutput
    {
        if (column < columns)
        {
            output.Store(row, column, sum);
        }
    }

    /// <summary>
    /// A thread's share of loading an operand's tile into shared memory: 4 elements a step. Neighboring threads read neighboring
    /// elements, so that reads are coalesced: four neighbors in one vector load where the operand allows it, else one inner index and 4
    /// outer ones, or one outer index and 4 inner ones.
    /// </summary>
    private readonly struct TileLoad<TFactor>
        where TFactor : struct, IGemmOperand
    {
        private readonly int _outer;
        private readonly int _inner;
        private readonly int _side;
        private readonly ElementIndex _outer0;
        private readonly ElementIndex _outer1;
        private readonly ElementIndex _outer2;
        private readonly ElementIndex _outer3;

        public TileLoad(TFactor factor, int firstOuter, int thread, int side)
        {
            // Outer indices beyond the last are clamped to it; their results are not stored.
            int last = factor.Outers - 1;
            _side = side;
            if (factor.HasFours)
            {
                _outer = factor.InnerIsDense ? thread / (side / PerThread) : thread % side * PerThread;
                _inner = factor.InnerIsDense ? thread % (side / PerThread) * PerThread : thread / side;
                _outer0 = factor.Outer(Math.Min(firstOuter + _outer, factor.InnerIsDense ? last : last - 3));
                _outer1 = _outer0;
                _outer2 = _outer0;
                _outer3 = _outer0;
            }
            else if (factor.InnerIsDense)
            {
                _outer = thread / side;
                _inner = thread - (_outer * side);
                _outer0 = factor.Outer(Math.Min(firstOuter + _outer, last));
                _outer1 = factor.Outer(Math.Min(firstOuter + _outer + side, last));
                _outer2 = factor.Outer(Math.Min(firstOuter + _outer + (2 * side), last));
                _outer3 = factor.Outer(Math.Min(firstOuter + _outer + (3 * side), last));
            }
            else
            {
                _inner = thread / (PerThread * side);
                _outer = thread - (_inner * PerThread * side);
                _outer0 = factor.Outer(Math.Min(firstOuter + _outer, last));
                _outer1 = _outer0;
                _outer2 = _outer0;
                _outer3 = _outer0;
            }
        }

        /// <summary>Reads the thread's elements of a step that starts at an inner index; 0 beyond the end of the sum.</summary>
        public Float4 Read(TFactor factor, int firstInner, int end)
        {
            int inner = firstInner + _inner;
            if (factor.HasFours)
            {
                return inner < end ? factor.Four(_outer0, factor.Inner(inner)) : default;
            }

            if (factor.InnerIsDense)
            {
                ElementIndex place = factor.Inner(Math.Min(inner, end - 1));
                return inner < end
                    ? new Float4(
                        factor.Element(_outer0, place), factor.Element(_outer1, place),
                        factor.Element(_outer2, place), factor.Element(_outer3, place))
                    : default;
            }

            int step = _side / PerThread;
            return new Float4(
                ElementAt(factor, inner, end), ElementAt(factor, inner + step, end),
                ElementAt(factor, inner + (2 * step), end), ElementAt(factor, inner + (3 * step), end));
        }

        /// <summary>Writes the thread's elements to shared memory, as tile[inner, outer].</summary>
        public void Write(TFactor factor, Float4 elements, ArrayView<float> shared, int start, int stride)
        {
            int index = start + (_inner * stride) + _outer;
            if (factor.HasFours && !factor.InnerIsDense)
            {
                elements.Put(shared, index);
                return;
            }

            int step = factor.HasFours ? stride : factor.InnerIsDense ? _side : _side / PerThread * stride;
            shared[index] = elements.X;
            shared[index + step] = elements.Y;
            shared[index + (2 * step)] = elements.Z;
            shared[index + (3 * step)] = elements.W;
        }

        private float ElementAt(TFactor factor, int inner, int end) =>
            inner < end ? factor.Element(_outer0, factor.Inner(inner)) : 0;
    }
}
