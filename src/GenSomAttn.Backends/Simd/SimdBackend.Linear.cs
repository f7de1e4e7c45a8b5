using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// input · weight, dOutput · weightᵀ and inputᵀ · dOutput: the plain GEMMs.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Maximum rows and maximum panels of one item of a GEMM.</summary>
    private const int RowsPerItem = 48, PanelsPerItem = 8;

    /// <inheritdoc/>
    protected override void LinearForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        if (shape.Rows <= MaxFewRows)
        {
            MultiplyFewRows(input.Address(), weight.Address(), bias.Address(), shape, output.Address());
            return;
        }

        int depth = shape.InFeatures, columns = shape.OutFeatures;
        float* packed = _workspace.Panels(PanelsLength(depth, columns));
        Panels panels = Pack(weight.Address(), depth, columns, columns, 1, bias.Address(), packed);
        MultiplyRows(input.Address(), shape.Rows, depth, panels, output.Address());
    }

    /// <inheritdoc/>
    protected override void LinearBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        int depth = shape.OutFeatures, columns = shape.InFeatures;
        float* packed = _workspace.Panels(PanelsLength(depth, columns));
        Panels transposed = Pack(weight.Address(), depth, columns, 1, depth, null, packed);
        MultiplyRows(dOutput.Address(), shape.Rows, depth, transposed, dInput.Address());
    }

    /// <inheritdoc/>
    protected override void LinearBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        OuterProductJob job = default;
        job.Left = input.Address();
        job.LeftColumns = shape.InFeatures;
        job.Right = dOutput.Address();
        job.RightColumns = shape.OutFeatures;
        job.Rows = shape.Rows;
        job.Output = dWeight.Address();
        job.Workers = _pool.Workers;
        job.Scratch = _workspace.PerWorker(OuterProductJob.ScratchLength);
        _pool.Run(job, job.Items);
    }

    /// <summary>Computes output (rows, columns) = input (rows, depth) · panels.</summary>
    private void MultiplyRows(float* input, int rows, int depth, Panels panels, float* output)
    {
        ProductJob job = default;
        job.Input = input;
        job.Rows = rows;
        job.Depth = depth;
        job.Panels = panels;
        job.Output = output;

        // At least eight items, so that threads share evenly; the split depends on sizes alone.
        job.RowsPerItem = Math.Min(RowsPerItem, RoundUp(DivideUp(rows, 8), MatrixTile<TVector>.Height));
        job.PanelGroups = DivideUp(panels.Count, PanelsPerItem);
        _pool.Run(job, DivideUp(rows, job.RowsPerItem) * job.PanelGroups);
    }

    /// <summary>GEMM with a packed right operand; one item is some rows times some panels.</summary>
    private struct ProductJob : IJob
    {
        public float* Input;
        public int Rows;
        public int Depth;
        public Panels Panels;
        public float* Output;
        public int RowsPerItem;
        public int PanelGroups;

        public readonly void Execute(int item, int worker)
        {
            int firstRow = item / PanelGroups * RowsPerItem;
            int firstPanel = item % PanelGroups * PanelsPerItem;
            Multiply(firstRow, Math.Min(Rows, firstRow + RowsPerItem), firstPanel, Math.Min(Panels.Count, firstPanel + PanelsPerItem));
        }

        /// <summary>Multiplies some rows by some panels.</summary>
        public readonly void Multiply(int firstRow, int endRow, int firstPanel, int endPanel)
        {
            const int Height = MatrixTile<TVector>.Height;
            float** input = stackalloc float*[Height];
            float** output = stackalloc float*[Height];
            for (int row = firstRow; row < endRow; row += Height)
            {
                for (int r = 0; r < Height; r++)
                {
                    long valid = Math.Min(row + r, endRow - 1);
                    input[r] = Input + (valid * Depth);
                    output[r] = Output + (valid * Panels.Columns);
                }

                Panels.Multiply(input, 1, Depth, firstPanel, endPanel, output, Math.Min(Height, endRow - row));
            }
        }
    }

    /// <summary>output += leftᵀ · right over all rows; one item is a block of the output.</summary>
    private struct OuterProductJob : IJob
    {
        private const int LeftPerItem = 64;
        private const int RightPerItem = 256;

        public float* Left;
        public int LeftColumns;
        public float* Right;
        public int RightColumns;
        public int Rows;
        public float* Output;
        public int Workers;
        public WorkerScratch Scratch;

        public static int ScratchLength => OuterProducts.ScratchLength(LeftPerItem, RightPerItem);

        public readonly int Items => DivideUp(LeftColumns, LeftPerItem) * RightGroups;

        private readonly int RightGroups => DivideUp(RightColumns, RightPerItem);

        public readonly void Execute(int item, int worker)
        {
            (int left, int right) = Block(item);
            (int nextLeft, int nextRight) = Block(Math.Min(item + Workers, Items - 1));
            int* leftOffsets = stackalloc int[OuterProducts.BlockRows];
            int* rightOffsets = stackalloc int[OuterProducts.BlockRows];
            for (int row = 0; row < Rows; row += OuterProducts.BlockRows)
            {
                int rows = Math.Min(OuterProducts.BlockRows, Rows - row);
                for (int r = 0; r < rows; r++)
                {
                    leftOffsets[r] = ((row + r) * LeftColumns) + left;
                    rightOffsets[r] = ((row + r) * RightColumns) + right;
                }

                // A block of columns is a short piece of each of many rows, which the hardware prefetcher does not predict: in a training
                // step, the gradient of (3136, 32) from 64 rows takes 190 µs with software prefetching instead of 250.
                var leftRows = new OuterProducts.Operand(Left, leftOffsets, Math.Min(LeftPerItem, LeftColumns - left));
                var rightRows = new OuterProducts.Operand(Right, rightOffsets, Math.Min(RightPerItem, RightColumns - right));
                OuterProducts.Add(
                    leftRows with { Ahead = nextLeft - left }, rightRows with { Ahead = nextRight - right },
                    rows, Output + ((long)left * RightColumns) + right, RightColumns, Scratch.For(worker));
            }
        }

        /// <summary>Returns the first left and right column of an item.</summary>
        private readonly (int Left, int Right) Block(int item) => (item / RightGroups * LeftPerItem, item % RightGroups * RightPerItem);
    }
}
