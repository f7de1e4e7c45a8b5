using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Som;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

// The mini-batch update. With n_k hits of unit k and s_k the sum of its samples, a_i = Σ over k of h(i,k) n_k and t_i = Σ h(i,k) s_k /
// a_i. A Gaussian on a rectangle is separable, a factor for rows times one for columns, so both sums are smoothed along the rows of the
// map first and then along its columns: U·(H + W)·D multiply-adds instead of U²·D. On one Zen 4 core, 64 samples of 32 floats: a
// map of 12 x 12 in 11 µs instead of 49, one of 200 x 200 in 4 ms instead of 1.9 s.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void SomUpdateBatchCore(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        if (shape.IsSeparable)
        {
            UpdateSeparable(input, bmu, shape, rates, workspace, codebook);
            return;
        }

        SampleUpdateJob job = default;
        job.Shape = shape;
        job.Input = input.Address();
        job.Bmu = bmu.Address();
        job.Neighborhood = _workspace.Shared(Neighborhood.SquaresLength(shape));
        Neighborhood.FillSquares(job.Neighborhood, shape, rates.Span()[1]);
        job.Unit = new UnitUpdate<TVector>(rates.Span()[0], codebook.Address(), shape.Dimension);
        job.Scratch = _workspace.PerWorker(shape.Dimension);
        _pool.Run(job, shape.MapHeight);
    }

    private void UpdateSeparable(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        BatchUpdate update = default;
        update.Shape = shape;
        update.Hits = workspace.Address();
        update.Sums = update.Hits + shape.Units;
        update.Gaussian = _workspace.Shared(Neighborhood.Length(shape));
        Neighborhood.Fill(update.Gaussian, shape, rates.Span()[1]);
        update.Reach = new Span<float>(update.Gaussian, Neighborhood.Length(shape)).IndexOf(0);
        update.Reach = update.Reach < 0 ? Neighborhood.Length(shape) : update.Reach;
        update.NoBias = _workspace.Zeros(RoundUp(shape.Dimension, MatrixTile<TVector>.Width));

        SampleSumJob sums = default;
        sums.Update = update;
        sums.Input = input.Address();
        sums.Bmu = bmu.Address();
        sums.ElementsPerItem = SampleSumJob.ChooseElements(shape);
        _pool.Run(sums, DivideUp(shape.Dimension, sums.ElementsPerItem));

        RowSmoothingJob rows = default;
        rows.Update = update;
        rows.Scratch = _workspace.PerWorker(MapLine<TVector>.ScratchLength(shape.MapWidth, shape.Dimension));
        _pool.Run(rows, shape.MapHeight);

        ColumnSmoothingJob columns = default;
        columns.Update = update;
        columns.Unit = new UnitUpdate<TVector>(rates.Span()[0], codebook.Address(), shape.Dimension);
        columns.Scratch = _workspace.PerWorker(columns.ScratchLength);
        _pool.Run(columns, shape.MapWidth);
    }

    /// <summary>Hits and sums of samples, in the order of the samples; one item is some elements of the vectors.</summary>
    private struct SampleSumJob : IJob
    {
        public BatchUpdate Update;
        public float* Input;
        public int* Bmu;
        public int ElementsPerItem;

        /// <summary>Chooses all elements for small batches, else a share of whole cache lines.</summary>
        public static int ChooseElements(SomShape shape)
        {
            const int SmallBatch = 1 << 14, MaxItems = 8, FloatsPerLine = 16;
            return shape.InputLength <= SmallBatch
                ? shape.Dimension
                : RoundUp(DivideUp(shape.Dimension, MaxItems), FloatsPerLine);
        }

        public readonly void Execute(int item, int worker)
        {
            SomShape shape = Update.Shape;
            int first = item * ElementsPerItem;
            int count = Math.Min(ElementsPerItem, shape.Dimension - first);
            if (item == 0)
            {
                CountHits();
            }

            float* sums = Update.Sums + first;
            for (int n = 0; n < Math.Min(shape.Samples, shape.Units); n++)
            {
                // Sums of units without a hit need not be 0.
                int unit = shape.Samples < shape.Units ? Bmu[n] : n;
                new Span<float>(sums + ((long)unit * shape.Dimension), count).Clear();
            }

            float* sample = Input + first;
            for (int n = 0; n < shape.Samples; n++, sample += shape.Dimension)
            {
                ShortRows<TVector>.Add(sample, count, sums + ((long)Bmu[n] * shape.Dimension));
            }
        }

        private readonly void CountHits()
        {
            new Span<float>(Update.Hits, Update.Shape.Units).Clear();
            for (int n = 0; n < Update.Shape.Samples; n++)
            {
                Update.Hits[Bmu[n]]++;
            }
        }
    }

    /// <summary>Smoothing along a row of the map, in place; one item is one row.</summary>
    private struct RowSmoothingJob : IJob
    {
        public BatchUpdate Update;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            const int Height = MatrixTile<TVector>.Height;
            int width = Update.Shape.MapWidth, dimension = Update.Shape.Dimension;
            var line = new MapLine<TVector>(Update, item * width, 1, width, Scratch.For(worker));
            if (line.Count == 0)
            {
                return;
            }

            float** sums = stackalloc float*[Height];
            for (int c = 0; c < width; c += Height)
            {
                int valid = Math.Min(Height, width - c);
                int unit = (item * width) + c;
                for (int r = 0; r < valid; r++)
                {
                    sums[r] = Update.Sums + ((long)(unit + r) * dimension);
                }

                line.Smooth(c, valid, Update.Hits + unit, sums);
            }
        }
    }

    /// <summary>Smoothing along a column of the map and update of its units; one item is one column.</summary>
    private struct ColumnSmoothingJob : IJob
    {
        public BatchUpdate Update;
        public UnitUpdate<TVector> Unit;
        public WorkerScratch Scratch;

        /// <summary>Floats of scratch: targets of a tile's units, and those of the line.</summary>
        public readonly int ScratchLength => (MatrixTile<TVector>.Height * Update.Shape.Dimension)
            + MapLine<TVector>.ScratchLength(Update.Shape.MapHeight, Update.Shape.Dimension);

        public readonly void Execute(int item, int worker)
        {
            const int Height = MatrixTile<TVector>.Height;
            int height = Update.Shape.MapHeight, width = Update.Shape.MapWidth, dimension = Update.Shape.Dimension;
            float** targets = stackalloc float*[Height];
            for (int r = 0; r < Height; r++)
            {
                targets[r] = Scratch.For(worker) + (r * dimension);
            }

            float* hits = stackalloc float[Height];
            var line = new MapLine<TVector>(Update, item, width, height, Scratch.For(worker) + (Height * dimension));
            for (int first = 0; line.Count > 0 && first < height; first += Height)
            {
                int valid = Math.Min(Height, height - first);
                line.Smooth(first, valid, hits, targets);
                for (int r = 0; r < valid; r++)
                {
                    Unit.Move(((first + r) * width) + item, hits[r], targets[r]);
                }
            }
        }
    }

    /// <summary>Update of the units of one row from every sample, for neighborhoods that are not separable; one item is one row.</summary>
    private struct SampleUpdateJob : IJob
    {
        public SomShape Shape;
        public float* Input;
        public int* Bmu;

        /// <summary>h by squared distance in half cells.</summary>
        public float* Neighborhood;
        public UnitUpdate<TVector> Unit;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            int dimension = Shape.Dimension;
            MapGrid grid = Shape.Grid;
            float* sum = Scratch.For(worker);
            for (int unit = item * Shape.MapWidth; unit < (item + 1) * Shape.MapWidth; unit++)
            {
                float a = 0;
                new Span<float>(sum, dimension).Clear();
                float* sample = Input;
                for (int n = 0; n < Shape.Samples; n++, sample += dimension)
                {
                    float h = Neighborhood[grid.SquaredHalfCells(unit, Bmu[n])];
                    if (h != 0)
                    {
                        a += h;
                        ShortRows<TVector>.AddScaled(h, sample, dimension, sum);
                    }
                }

                Unit.Move(unit, a, sum);
            }
        }
    }
}
