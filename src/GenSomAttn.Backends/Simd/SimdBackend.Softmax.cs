using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Softmax over rows. Some rows are transposed first, so that a vector holds the same element of neighboring rows: maximum and sum of a
// row then need no reduction across the lanes of a vector, and rows may be of any length. 4096 rows of 8, on one Zen 4 core: 26 µs
// instead of 167. Attention uses the two functions at the end for its probabilities.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Rows that one item takes: whole vectors of every width.</summary>
    private const int SoftmaxRowsPerItem = 32;

    /// <inheritdoc/>
    protected override void SoftmaxForwardCore(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        SoftmaxJob job = default;
        job.Input = input.Address();
        job.Shape = shape;
        job.Output = output.Address();
        job.Scratch = _workspace.PerWorker(shape.Length * SoftmaxRowsPerItem);
        _pool.Run(job, DivideUp(shape.Rows, SoftmaxRowsPerItem));
    }

    /// <inheritdoc/>
    protected override void SoftmaxBackwardCore(
        DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        SoftmaxGradientJob job = default;
        job.DOutput = dOutput.Address();
        job.Output = output.Address();
        job.Shape = shape;
        job.DInput = dInput.Address();
        job.Scratch = _workspace.PerWorker(2 * shape.Length * SoftmaxRowsPerItem);
        _pool.Run(job, DivideUp(shape.Rows, SoftmaxRowsPerItem));
    }

    /// <summary>One item is <see cref="SoftmaxRowsPerItem"/> rows.</summary>
    private struct SoftmaxJob : IJob
    {
        public float* Input;
        public RowsShape Shape;
        public float* Output;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            int first = item * SoftmaxRowsPerItem, rows = Math.Min(SoftmaxRowsPerItem, Shape.Rows - first);
            long start = (long)first * Shape.Length;
            float* columns = Scratch.For(worker);
            SmallMatrix<TVector>.Transpose(Input + start, Shape.Length, rows, Shape.Length, columns, SoftmaxRowsPerItem);
            SoftmaxOfColumns(columns, Shape.Length, SoftmaxRowsPerItem, 1);
            SmallMatrix<TVector>.Transpose(columns, SoftmaxRowsPerItem, Shape.Length, rows, Output + start, Shape.Length);
        }
    }

    /// <summary>One item is <see cref="SoftmaxRowsPerItem"/> rows.</summary>
    private struct SoftmaxGradientJob : IJob
    {
        public float* DOutput;
        public float* Output;
        public RowsShape Shape;
        public float* DInput;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            int first = item * SoftmaxRowsPerItem, rows = Math.Min(SoftmaxRowsPerItem, Shape.Rows - first);
            long start = (long)first * Shape.Length;
            float* output = Scratch.For(worker);
            float* gradient = output + (Shape.Length * SoftmaxRowsPerItem);
            SmallMatrix<TVector>.Transpose(Output + start, Shape.Length, rows, Shape.Length, output, SoftmaxRowsPerItem);
            SmallMatrix<TVector>.Transpose(DOutput + start, Shape.Length, rows, Shape.Length, gradient, SoftmaxRowsPerItem);
            SoftmaxGradientOfColumns(output, gradient, Shape.Length, SoftmaxRowsPerItem, 1);
            SmallMatrix<TVector>.Transpose(gradient, SoftmaxRowsPerItem, Shape.Length, rows, DInput + start, Shape.Length);
        }
    }

    /// <summary>
    /// Computes exp(scale · (x - max)) / Σ exp(scale · (x - max)) over each column of x (length, padded columns), in place.
    /// </summary>
    private static void SoftmaxOfColumns(float* x, int length, int padded, float scale)
    {
        for (int column = 0; column < padded; column += TVector.Count)
        {
            float* first = x + column, end = first + ((long)length * padded);
            var max = TVector.Load(first);
            for (float* row = first; row != end; row += padded)
            {
                max = TVector.Max(max, TVector.Load(row));
            }

            TVector sum = TVector.Zero;
            for (float* row = first; row != end; row += padded)
            {
                var power = TVector.Exp(TVector.Splat(scale) * (TVector.Load(row) - max));
                power.Store(row);
                sum += power;
            }

            TVector factor = TVector.Splat(1) / sum;
            for (float* row = first; row != end; row += padded)
            {
                (factor * TVector.Load(row)).Store(row);
            }
        }
    }

    /// <summary>
    /// Computes scale · p · (g - Σ g · p) over each column, p being softmax(scale · x) and g the gradient of p, both (length, padded
    /// columns); written to g.
    /// </summary>
    /// <remarks>
    /// Jacobian: ∂p_j/∂x_i = scale · p_j · (δ_ij - p_i), with δ_ij = 1 for i = j, else 0. Contracted with g:
    /// dx_i = Σ over j of g_j · scale · p_j · (δ_ij - p_i) = scale · p_i · (g_i - Σ over j of g_j · p_j).
    /// </remarks>
    private static void SoftmaxGradientOfColumns(float* p, float* g, int length, int padded, float scale)
    {
        for (int column = 0; column < padded; column += TVector.Count)
        {
            TVector mean = TVector.Zero;
            for (int i = column; i < length * padded; i += padded)
            {
                mean = TVector.MultiplyAdd(TVector.Load(g + i), TVector.Load(p + i), mean);
            }

            for (int i = column; i < length * padded; i += padded)
            {
                (TVector.Splat(scale) * TVector.Load(p + i) * (TVector.Load(g + i) - mean)).Store(g + i);
            }
        }
    }
}
