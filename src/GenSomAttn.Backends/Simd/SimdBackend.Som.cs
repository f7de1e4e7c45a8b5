using System.Runtime.CompilerServices;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// The map: search of the best matching units and both updates of the codebook.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Samples that one item searches, and how many of them share a load of the codebook.</summary>
    private const int SamplesPerItem = 32, SamplesPerTile = 4;

    /// <summary>Most samples that count toward one unit in one batch update.</summary>
    private const float EffectiveSamplesLimit = 50;

    /// <inheritdoc/>
    public void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
        OpChecks.BestMatchingUnits(input, codebook, shape, bmu, second, squaredDistances);
        SearchJob job = default;
        job.Input = input.Address();
        job.Units = PackUnits(codebook.Address(), shape);
        job.Shape = shape;
        job.Bmu = bmu.Address();
        job.Second = second.Address();
        job.SquaredDistances = squaredDistances.Address();
        job.Scratch = _workspace.PerWorker(job.ScratchLength);
        _pool.Run(job, DivideUp(shape.Samples, SamplesPerItem));
    }

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
        float* distances = _workspace.PerWorker(shape.Units).For(0);
        for (int n = 0; n < shape.Samples; n++)
        {
            float* sample = input.Address() + ((long)n * shape.Dimension);
            float* unit = codebook.Address();
            for (int u = 0; u < shape.Units; u++, unit += shape.Dimension)
            {
                distances[u] = SquaredDistance(sample, unit, shape.Dimension);
            }

            (int bmu, _) = NearestTwo(distances, shape.Units);
            unit = codebook.Address();
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

    /// <summary>The codebook as panels of units: (D, U), so that a vector holds one dimension of neighboring units.</summary>
    private float* PackUnits(float* codebook, SomShape shape)
    {
        float* packed = _workspace.Panels(PanelsLength(shape.Dimension, shape.Units));
        Pack(codebook, shape.Dimension, shape.Units, 1, shape.Dimension, null, packed);
        return packed;
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

    private static float SquaredDistance(float* left, float* right, int length)
    {
        float sum = 0;
        for (int d = 0; d < length; d++)
        {
            float difference = left[d] - right[d];
            sum = float.MultiplyAddEstimate(difference, difference, sum);
        }

        return sum;
    }

    /// <summary>Indices of the two smallest distances, the lowest of equals; a not-a-number is never one of them.</summary>
    private static (int Nearest, int Second) NearestTwo(float* distances, int count)
    {
        int nearest = -1, second = -1;
        float smallest = float.PositiveInfinity, secondSmallest = float.PositiveInfinity;
        for (int u = 0; u < count; u++)
        {
            float distance = distances[u];
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

        // Where nothing is finite, the lowest units stand in.
        nearest = Math.Max(nearest, 0);
        if (second < 0 && count > 1)
        {
            second = nearest == 0 ? 1 : 0;
        }

        return (nearest, second);
    }

    /// <summary>Search of all units for some samples; one item is <see cref="SamplesPerItem"/> samples.</summary>
    private struct SearchJob : IJob
    {
        public float* Input;
        public float* Units;
        public SomShape Shape;
        public int* Bmu;
        public int* Second;
        public float* SquaredDistances;
        public WorkerScratch Scratch;

        public readonly int ScratchLength => SamplesPerTile * PaddedUnits;

        private readonly int PaddedUnits => RoundUp(Shape.Units, MatrixTile<TVector>.Width);

        public readonly void Execute(int item, int worker)
        {
            float* distances = Scratch.For(worker);
            float** samples = stackalloc float*[SamplesPerTile];
            int end = Math.Min(Shape.Samples, (item + 1) * SamplesPerItem);
            for (int first = item * SamplesPerItem; first < end; first += SamplesPerTile)
            {
                for (int i = 0; i < SamplesPerTile; i++)
                {
                    samples[i] = Input + ((long)Math.Min(first + i, end - 1) * Shape.Dimension);
                }

                FindDistances(samples, distances);
                for (int n = first; n < Math.Min(first + SamplesPerTile, end); n++)
                {
                    float* row = distances + ((long)(n - first) * PaddedUnits);
                    (int nearest, int second) = NearestTwo(row, Shape.Units);
                    (Bmu[n], Second[n]) = (nearest, second);
                    SquaredDistances[2 * n] = row[nearest];
                    SquaredDistances[(2 * n) + 1] = second < 0 ? float.PositiveInfinity : row[second];
                }
            }
        }

        /// <summary>distances[i][u] = Σ over d of (samples[i][d] - w[u][d])², two vectors of units at a time.</summary>
        private readonly void FindDistances(float** samples, float* distances)
        {
            int half = TVector.Count;
            float* s0 = samples[0], s1 = samples[1], s2 = samples[2], s3 = samples[3];
            float* units = Units;
            for (int u = 0; u < PaddedUnits; u += 2 * half)
            {
                TVector a0 = TVector.Zero, a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
                for (nint d = 0; d < Shape.Dimension; d++, units += 2 * half)
                {
                    TVector low = TVector.Load(units), high = TVector.Load(units + half);
                    AddSquares(s0[d], low, high, ref a0, ref a1);
                    AddSquares(s1[d], low, high, ref b0, ref b1);
                    AddSquares(s2[d], low, high, ref c0, ref c1);
                    AddSquares(s3[d], low, high, ref d0, ref d1);
                }

                float* target = distances + u;
                a0.Store(target);
                a1.Store(target + half);
                b0.Store(target += PaddedUnits);
                b1.Store(target + half);
                c0.Store(target += PaddedUnits);
                c1.Store(target + half);
                d0.Store(target += PaddedUnits);
                d1.Store(target + half);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddSquares(float x, TVector low, TVector high, ref TVector sumLow, ref TVector sumHigh)
        {
            var sample = TVector.Splat(x);
            TVector differenceLow = sample - low, differenceHigh = sample - high;
            sumLow = TVector.MultiplyAdd(differenceLow, differenceLow, sumLow);
            sumHigh = TVector.MultiplyAdd(differenceHigh, differenceHigh, sumHigh);
        }
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
