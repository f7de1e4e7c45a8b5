using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>
/// The product of a linear layer on a few rows, as for a single image: packing the weight would take longer than multiplying by it, so it
/// is read in the layout it has. One row of 3136 times (3136, 32), or of 32 times (32, 3136), takes 4 µs on one Zen 4 core instead of 22
/// and 25; from six rows on, packing pays.
/// </summary>
internal static unsafe class FewRowsProduct<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Maximum rows that are multiplied without packing.</summary>
    public const int MaxRows = 4;

    /// <summary>Computes output = input · weight + bias for at most <see cref="MaxRows"/> rows.</summary>
    public static void Run(
        WorkerPool pool, Workspace workspace, float* input, float* weight, float* bias, LinearShape shape, float* output)
    {
        const int MaxPieces = 8, WeightsPerPiece = 8192, MinColumns = 64;
        int pieces = (int)Math.Clamp((long)shape.InFeatures * shape.OutFeatures / WeightsPerPiece, 1, MaxPieces);
        FewRowsJob job = default;
        job.Input = input;
        job.Weight = weight;
        job.Shape = shape;
        job.InputsPerItem = shape.InFeatures;
        job.ColumnsPerItem = shape.OutFeatures;
        if (shape.OutFeatures >= pieces * MinColumns)
        {
            // Each item computes the whole sums of some columns.
            FillRows(bias, shape, output);
            job.ColumnsPerItem = RoundUp(DivideUp(shape.OutFeatures, pieces), MinColumns);
            job.Output = output;
            pool.Run(job, DivideUp(shape.OutFeatures, job.ColumnsPerItem));
            return;
        }

        // Split-K: each item sums over some inputs, and the partial sums are added in a fixed order.
        int length = shape.Rows * shape.OutFeatures;
        job.InputsPerItem = DivideUp(shape.InFeatures, pieces);
        job.Output = workspace.Shared(pieces * length);
        new Span<float>(job.Output, pieces * length).Clear();
        pool.Run(job, pieces);
        FillRows(bias, shape, output);
        for (int piece = 0; piece < pieces; piece++)
        {
            ShortRows<TVector>.Add(job.Output + (piece * length), length, output);
        }
    }

    /// <summary>Sets every row to the bias, or to 0 for null.</summary>
    private static void FillRows(float* bias, LinearShape shape, float* output)
    {
        var rows = new Span<float>(output, shape.Rows * shape.OutFeatures);
        if (bias == null)
        {
            rows.Clear();
            return;
        }

        for (int row = 0; row < shape.Rows; row++)
        {
            new Span<float>(bias, shape.OutFeatures).CopyTo(rows[(row * shape.OutFeatures)..]);
        }
    }

    /// <summary>
    /// Accumulates the product in all rows; one item is some columns of the output, or a split-K slice with an output of its own.
    /// </summary>
    private struct FewRowsJob : IJob
    {
        public float* Input;
        public float* Weight;
        public LinearShape Shape;
        public int InputsPerItem;
        public int ColumnsPerItem;
        public float* Output;

        public readonly void Execute(int item, int worker)
        {
            int columnItems = DivideUp(Shape.OutFeatures, ColumnsPerItem);
            (int inputItem, int columnItem) = Math.DivRem(item, columnItems);
            int firstInput = inputItem * InputsPerItem, endInput = Math.Min(Shape.InFeatures, firstInput + InputsPerItem);
            int column = columnItem * ColumnsPerItem, columns = Math.Min(ColumnsPerItem, Shape.OutFeatures - column);
            float* output = Output + (inputItem * Shape.Rows * Shape.OutFeatures) + column;
            float* weight = Weight + ((long)firstInput * Shape.OutFeatures) + column;
            for (int row = 0; row < Shape.Rows; row++, output += Shape.OutFeatures)
            {
                float* input = Input + ((long)row * Shape.InFeatures);
                ShortRows<TVector>.AddCombination(input + firstInput, endInput - firstInput, weight, Shape.OutFeatures, columns, output);
            }
        }
    }
}
