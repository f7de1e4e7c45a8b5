using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// The mini-batch update. With n_k hits of unit k and s_k the sum of its samples, a_i = Σ over k of h(i,k) n_k and t_i = Σ h(i,k) s_k / a_i.
// h is a product of a factor for rows and one for columns, so both sums are taken along the rows of the map first and then along its
// columns: U·(H + W)·D multiply-adds in place of U²·D. On one Zen 4 core, 64 samples of 32 floats: a map of 12 x 12 in 12 µs in place
// of 49, one of 200 x 200 in 13 ms in place of 1.9 s.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, float learningRate, float sigma,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateBatch(input, bmu, shape, learningRate, sigma, workspace, codebook);
        BatchUpdate update = default;
        update.Shape = shape;
        update.Hits = workspace.Address();
        update.Sums = update.Hits + shape.Units;
        update.Bell = FillBell(shape, sigma);
        update.Reach = 0;
        while (update.Reach < Math.Max(shape.MapHeight, shape.MapWidth) && float.IsNormal(update.Bell[update.Reach]))
        {
            update.Reach++;
        }

        SampleSumJob sums = default;
        sums.Update = update;
        sums.Input = input.Address();
        sums.Bmu = bmu.Address();
        sums.ElementsPerItem = SampleSumJob.ChooseElements(shape);
        _pool.Run(sums, DivideUp(shape.Dimension, sums.ElementsPerItem));

        RowSmoothingJob rows = default;
        rows.Update = update;
        rows.Scratch = _workspace.PerWorker(rows.ScratchLength);
        _pool.Run(rows, shape.MapHeight);

        ColumnSmoothingJob columns = default;
        columns.Update = update;
        columns.LogKeptRate = Math.Log(1.0 - learningRate);
        columns.Codebook = codebook.Address();
        columns.Scratch = _workspace.PerWorker(columns.ScratchLength);
        _pool.Run(columns, shape.MapWidth);
    }

    /// <summary>What the steps of an update share.</summary>
    private struct BatchUpdate
    {
        public SomShape Shape;

        /// <summary>(U): n_k, later Σ over the units of a row of h n.</summary>
        public float* Hits;

        /// <summary>(U, D): s_k, later Σ over the units of a row of h s; undefined where there is no hit.</summary>
        public float* Sums;

        /// <summary>h by distance along one side of the map.</summary>
        public float* Bell;

        /// <summary>The first distance at which h is 0, or so small that processors compute slowly with it (below 1e-38).</summary>
        public int Reach;

        /// <summary>
        /// Puts together Σ h(position, other) sums[other] over a line of units; returns Σ h(position, other) hits[other]. Units are
        /// <paramref name="step"/> apart in <paramref name="hits"/>.
        /// </summary>
        public readonly float Collect(int position, int length, float* hits, float* sums, int step, ref WeightedRows<TVector> terms)
        {
            float smoothed = 0;
            terms.Clear();
            int end = Math.Min(length, position + Reach);
            for (int other = Math.Max(0, position - Reach + 1); other < end; other++)
            {
                float count = hits[(long)other * step];
                if (count > 0)
                {
                    float h = Bell[Math.Abs(position - other)];
                    smoothed += h * count;
                    terms.Add(h, sums + ((long)other * step * Shape.Dimension));
                }
            }

            return smoothed;
        }
    }

    /// <summary>Hits and sums of samples, in the order of the samples; one item is some elements of the vectors.</summary>
    private struct SampleSumJob : IJob
    {
        public BatchUpdate Update;
        public float* Input;
        public int* Bmu;
        public int ElementsPerItem;

        /// <summary>All elements of small batches; else a share of whole cache lines.</summary>
        public static int ChooseElements(SomShape shape)
        {
            const int SmallBatch = 1 << 14, MostItems = 8, FloatsPerLine = 16;
            return shape.InputLength <= SmallBatch
                ? shape.Dimension
                : RoundUp(DivideUp(shape.Dimension, MostItems), FloatsPerLine);
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

    /// <summary>Sums along a row of the map, in place; one item is one row.</summary>
    private struct RowSmoothingJob : IJob
    {
        public BatchUpdate Update;
        public WorkerScratch Scratch;

        /// <summary>Floats of scratch: the row as it was, its hits, and the terms of one unit.</summary>
        public readonly int ScratchLength
            => (Update.Shape.MapWidth * (Update.Shape.Dimension + 1)) + WeightedRows<TVector>.Length(Update.Shape.MapWidth);

        public readonly void Execute(int item, int worker)
        {
            int width = Update.Shape.MapWidth, dimension = Update.Shape.Dimension;
            float* hits = Update.Hits + ((long)item * width);
            float* sums = Update.Sums + ((long)item * width * dimension);
            var terms = new WeightedRows<TVector>(Scratch.For(worker), width);
            float* oldHits = Scratch.For(worker) + WeightedRows<TVector>.Length(width);
            float* oldSums = oldHits + width;
            for (int c = 0; c < width; c++)
            {
                oldHits[c] = hits[c];
                if (hits[c] > 0)
                {
                    ShortRows<TVector>.Copy(sums + ((long)c * dimension), dimension, oldSums + ((long)c * dimension));
                }
            }

            for (int c = 0; c < width; c++)
            {
                hits[c] = Update.Collect(c, width, oldHits, oldSums, 1, ref terms);
                if (hits[c] > 0)
                {
                    terms.Sum(dimension, sums + ((long)c * dimension));
                }
            }
        }
    }

    /// <summary>Sums along a column of the map, and moves its units; one item is one column.</summary>
    private struct ColumnSmoothingJob : IJob
    {
        /// <summary>Most samples that count toward one unit in one batch update.</summary>
        private const float EffectiveSamplesLimit = 50;

        public BatchUpdate Update;

        /// <summary>log(1 - η).</summary>
        public double LogKeptRate;
        public float* Codebook;
        public WorkerScratch Scratch;

        /// <summary>Floats of scratch: a target and the terms of one unit.</summary>
        public readonly int ScratchLength => Update.Shape.Dimension + WeightedRows<TVector>.Length(Update.Shape.MapHeight);

        public readonly void Execute(int item, int worker)
        {
            int height = Update.Shape.MapHeight, width = Update.Shape.MapWidth, dimension = Update.Shape.Dimension;
            var terms = new WeightedRows<TVector>(Scratch.For(worker), height);
            float* target = Scratch.For(worker) + WeightedRows<TVector>.Length(height);
            for (int r = 0; r < height; r++)
            {
                float a = Update.Collect(r, height, Update.Hits + item, Update.Sums + ((long)item * dimension), width, ref terms);
                if (a > 0)
                {
                    // W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i)
                    float rate = (float)(1 - Math.Exp(LogKeptRate * Math.Min(a, EffectiveSamplesLimit)));
                    terms.Sum(dimension, target);
                    ShortRows<TVector>.Divide(target, a, dimension);
                    ShortRows<TVector>.MoveToward(target, rate, dimension, Codebook + ((((long)r * width) + item) * dimension));
                }
            }
        }
    }
}
