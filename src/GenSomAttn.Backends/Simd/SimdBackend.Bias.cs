using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Rows and columns of an item of a column sum.</summary>
    private const int RowsPerSum = 512, ColumnsPerSum = 512;

    /// <inheritdoc/>
    protected override void BiasForwardCore(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            int start = row * shape.Length;
            Elementwise<TVector>.Apply(
                default(SumFormula<TVector>), input.Address() + start, bias.Address(), output.Address() + start, shape.Length);
        }
    }

    /// <inheritdoc/>
    protected override void BiasBackwardCore(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        RowSumJob job = default;
        job.Input = dOutput.Address();
        job.Shape = shape;
        job.ColumnGroups = DivideUp(shape.Length, ColumnsPerSum);
        int rowGroups = DivideUp(shape.Rows, RowsPerSum);
        job.Partials = _workspace.Shared(rowGroups * shape.Length);
        _pool.Run(job, rowGroups * job.ColumnGroups);

        Span<float> total = dBias.Span();
        for (int group = 0; group < rowGroups; group++)
        {
            float* partial = job.Partials + ((long)group * shape.Length);
            for (int j = 0; j < total.Length; j++)
            {
                total[j] += partial[j];
            }
        }
    }

    /// <summary>Sums of columns over some rows; one item is <see cref="RowsPerSum"/> rows of <see cref="ColumnsPerSum"/> columns.</summary>
    private struct RowSumJob : IJob
    {
        public float* Input;
        public RowsShape Shape;
        public int ColumnGroups;
        public float* Partials;

        public readonly void Execute(int item, int worker)
        {
            (int rowGroup, int columnGroup) = Math.DivRem(item, ColumnGroups);
            int firstRow = rowGroup * RowsPerSum;
            int rows = Math.Min(RowsPerSum, Shape.Rows - firstRow);
            int column = columnGroup * ColumnsPerSum;
            int endColumn = Math.Min(Shape.Length, column + ColumnsPerSum);
            float* input = Input + ((long)firstRow * Shape.Length);
            float* sums = Partials + ((long)rowGroup * Shape.Length);
            if (Shape.Length == 1)
            {
                // A single column is contiguous: 100,352 rows in 5 µs instead of 76.
                *sums = ShortRows<TVector>.Sum(input, rows);
                return;
            }

            if (Shape.Length == 3)
            {
                SumThreeColumns(input, rows, sums);
                return;
            }

            for (; column <= endColumn - (2 * TVector.Count); column += 2 * TVector.Count)
            {
                TVector low = TVector.Zero, high = TVector.Zero;
                float* element = input + column;
                for (int row = 0; row < rows; row++, element += Shape.Length)
                {
                    low += TVector.Load(element);
                    high += TVector.Load(element + TVector.Count);
                }

                low.Store(sums + column);
                high.Store(sums + column + TVector.Count);
            }

            for (; column < endColumn; column++)
            {
                float sum = 0;
                float* element = input + column;
                for (int row = 0; row < rows; row++, element += Shape.Length)
                {
                    sum += *element;
                }

                sums[column] = sum;
            }
        }

        /// <summary>
        /// Sums three columns: three vectors hold as many rows as a vector has lanes, and lane i of the three belongs to column i mod 3.
        /// </summary>
        private static void SumThreeColumns(float* input, int rows, float* sums)
        {
            TVector first = TVector.Zero, second = first, third = first;
            int row = 0;
            for (; row <= rows - TVector.Count; row += TVector.Count, input += 3 * TVector.Count)
            {
                first += TVector.Load(input);
                second += TVector.Load(input + TVector.Count);
                third += TVector.Load(input + (2 * TVector.Count));
            }

            float* lanes = stackalloc float[3 * TVector.Count];
            first.Store(lanes);
            second.Store(lanes + TVector.Count);
            third.Store(lanes + (2 * TVector.Count));
            sums[0] = sums[1] = sums[2] = 0;
            AddInTurn(lanes, TVector.Count, sums);
            AddInTurn(input, rows - row, sums);
        }

        private static void AddInTurn(float* input, int rows, float* sums)
        {
            for (int row = 0; row < rows; row++, input += 3)
            {
                sums[0] += input[0];
                sums[1] += input[1];
                sums[2] += input[2];
            }
        }
    }
}
