using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

// Softmax over rows. Some rows are transposed first, so that a vector holds the same element of neighboring rows: maximum and sum of a
// row then need no reduction across the lanes of a vector, and rows may be of any length. 4096 rows of 8, on one Zen 4 core: 26 µs
// instead of 167.
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
            ColumnSoftmax<TVector>.Forward(columns, Shape.Length, SoftmaxRowsPerItem, 1);
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
            ColumnSoftmax<TVector>.Backward(output, gradient, Shape.Length, SoftmaxRowsPerItem, 1);
            SmallMatrix<TVector>.Transpose(gradient, SoftmaxRowsPerItem, Shape.Length, rows, DInput + start, Shape.Length);
        }
    }
}
