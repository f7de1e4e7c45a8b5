using System.Runtime.CompilerServices;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// The map: both updates of the codebook.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Most samples that count toward one unit in one batch update.</summary>
    private const float EffectiveSamplesLimit = 50;

    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, float learningRate, float sigma,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateBatch(input, bmu, shape, learningRate, sigma, workspace, codebook);

        // n_k and s_k: hits of unit k and the sum of its samples, in the order of the samples.
        float* hits = workspace.Address();
        float* sums = hits + shape.Units;
        workspace.Span().Clear();
        ReadOnlySpan<int> winners = bmu.Span();
        for (int n = 0; n < shape.Samples; n++)
        {
            hits[winners[n]]++;
            float* sum = sums + ((long)winners[n] * shape.Dimension);
            ShortRows<TVector>.AddScaled(1, input.Address() + ((long)n * shape.Dimension), shape.Dimension, sum);
        }

        BatchUpdateJob job = default;
        job.Hits = hits;
        job.Sums = sums;
        job.Neighborhood = FillNeighborhood(shape, sigma);
        job.Shape = shape;
        job.LearningRate = learningRate;
        job.Codebook = codebook.Address();
        job.Scratch = _workspace.PerWorker(shape.Dimension);
        _pool.Run(job, shape.Units);
    }

    /// <inheritdoc/>
    public void SomUpdateOnline(DeviceView<float> input, SomShape shape, float learningRate, float sigma, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateOnline(input, shape, learningRate, sigma, codebook);
        float* neighborhood = FillNeighborhood(shape, sigma);
        for (int n = 0; n < shape.Samples; n++)
        {
            float* sample = input.Address() + ((long)n * shape.Dimension);
            (int bmu, _) = NearestTwo(sample, codebook.Address(), shape);
            float* unit = codebook.Address();
            for (int u = 0; u < shape.Units; u++, unit += shape.Dimension)
            {
                // W_i += η h(i, bmu) (v - W_i)
                float rate = learningRate * neighborhood[GridOffset(shape, u, bmu)];
                for (int d = 0; d < shape.Dimension; d++)
                {
                    unit[d] += rate * (sample[d] - unit[d]);
                }
            }
        }
    }

    /// <summary>h = exp(-d² / 2σ²) for every pair of a row and a column distance; entry |rows| · map width + |columns|.</summary>
    private float* FillNeighborhood(SomShape shape, float sigma)
    {
        float* table = _workspace.Shared(shape.Units);
        for (int u = 0; u < shape.Units; u++)
        {
            table[u] = MathF.Exp(-shape.SquaredGridDistance(0, u) / (2 * sigma * sigma));
        }

        return table;
    }

    /// <summary>Where the table of <see cref="FillNeighborhood"/> holds a pair of units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int GridOffset(SomShape shape, int unit, int other)
    {
        int rows = Math.Abs((unit / shape.MapWidth) - (other / shape.MapWidth));
        int columns = Math.Abs((unit % shape.MapWidth) - (other % shape.MapWidth));
        return (rows * shape.MapWidth) + columns;
    }

    /// <summary>
    /// The two units nearest to a sample by direct distances, the lowest of equals; a not-a-number is never one of them. Where nothing is
    /// finite, the lowest units stand in; on a map of one unit, the second is -1.
    /// </summary>
    private static (int Nearest, int Second) NearestTwo(float* sample, float* codebook, SomShape shape)
    {
        int nearest = -1, second = -1;
        float smallest = float.PositiveInfinity, secondSmallest = float.PositiveInfinity;
        for (int u = 0; u < shape.Units; u++)
        {
            float distance = ShortRows<TVector>.SquaredDistance(sample, codebook + ((long)u * shape.Dimension), shape.Dimension);
            if (distance < smallest)
            {
                (second, secondSmallest) = (nearest, smallest);
                (nearest, smallest) = (u, distance);
            }
            else if (distance < secondSmallest)
            {
                (second, secondSmallest) = (u, distance);
            }
        }

        nearest = Math.Max(nearest, 0);
        if (second < 0 && shape.Units > 1)
        {
            second = nearest == 0 ? 1 : 0;
        }

        return (nearest, second);
    }

    /// <summary>One item is one unit.</summary>
    private struct BatchUpdateJob : IJob
    {
        public float* Hits;
        public float* Sums;
        public float* Neighborhood;
        public SomShape Shape;
        public float LearningRate;
        public float* Codebook;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            // a_i = Σ_k h_ik n_k; t_i = Σ_k h_ik s_k / a_i; W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i)
            int dimension = Shape.Dimension;
            float* target = Scratch.For(worker);
            new Span<float>(target, dimension).Clear();
            float a = 0;
            (int row, int column) = Math.DivRem(item, Shape.MapWidth);
            float* hits = Hits;
            float* sum = Sums;
            for (int otherRow = 0; otherRow < Shape.MapHeight; otherRow++)
            {
                float* neighborhood = Neighborhood + (Math.Abs(row - otherRow) * Shape.MapWidth);
                for (int otherColumn = 0; otherColumn < Shape.MapWidth; otherColumn++, hits++, sum += dimension)
                {
                    float h = neighborhood[Math.Abs(column - otherColumn)];
                    if (*hits > 0 && h > 0)
                    {
                        a += h * *hits;
                        ShortRows<TVector>.AddScaled(h, sum, dimension, target);
                    }
                }
            }

            if (a == 0)
            {
                return;
            }

            float rate = (float)(1 - Math.Pow(1.0 - LearningRate, Math.Min(a, EffectiveSamplesLimit)));
            float* unit = Codebook + ((long)item * dimension);
            for (int d = 0; d < dimension; d++)
            {
                unit[d] += rate * ((target[d] / a) - unit[d]);
            }
        }
    }
}
