using System.Runtime.CompilerServices;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Losses and their gradients.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        OpChecks.MseForward(prediction, target, loss);
        SquaredDifferenceJob job = default;
        job.Left = prediction.Address();
        job.Right = target.Address();
        job.Length = prediction.Length;
        int items = DivideUp(prediction.Length, ElementsPerItem);
        job.Partials = _workspace.Shared(items);
        _pool.Run(job, items);
        double sum = 0;
        for (int item = 0; item < items; item++)
        {
            sum += job.Partials[item];
        }

        loss.Span()[0] = (float)(sum / prediction.Length);
    }

    /// <inheritdoc/>
    public void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        OpChecks.MseBackward(prediction, target, dPrediction);
        Map(new MseGradientFormula(scale * 2 / prediction.Length), prediction, target, dPrediction);
    }

    /// <inheritdoc/>
    public void GaussianKlForward(DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.GaussianKlForward(mean, logVariance, shape, loss);
        ReadOnlySpan<float> means = mean.Span(), logVariances = logVariance.Span();
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            sum += (means[i] * means[i]) + MathF.Exp(logVariances[i]) - logVariances[i] - 1;
        }

        loss.Span()[0] = (float)(sum / (2 * shape.Rows));
    }

    /// <inheritdoc/>
    public void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianKlBackward(mean, logVariance, shape, dMean, dLogVariance);
        Map(new ScaleFormula(scale / shape.Rows), mean, mean, dMean);
        Map(new HalfExpMinusOneFormula(scale / (2 * shape.Rows)), logVariance, logVariance, dLogVariance);
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyForward(DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.SoftmaxCrossEntropyForward(logits, labels, shape, loss);
        ReadOnlySpan<float> rows = logits.Span();
        ReadOnlySpan<int> label = labels.Span();
        double sum = 0;
        for (int n = 0; n < shape.Rows; n++)
        {
            ReadOnlySpan<float> row = rows.Slice(n * shape.Length, shape.Length);
            float max = float.NegativeInfinity, powers = 0;
            foreach (float x in row)
            {
                max = MathF.Max(max, x);
            }

            foreach (float x in row)
            {
                powers += MathF.Exp(x - max);
            }

            sum += MathF.Log(powers) - (row[label[n]] - max);
        }

        loss.Span()[0] = (float)(sum / shape.Rows);
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        OpChecks.SoftmaxCrossEntropyBackward(logits, labels, shape, dLogits);
        SoftmaxForward(logits, shape, dLogits);
        Span<float> rows = dLogits.Span();
        ReadOnlySpan<int> label = labels.Span();
        for (int n = 0; n < shape.Rows; n++)
        {
            rows.Slice(n * shape.Length, shape.Length)[label[n]] -= 1;
        }

        Map(new ScaleFormula(scale / shape.Rows), dLogits, dLogits, dLogits);
    }

    /// <summary>factor · (prediction - target).</summary>
    private readonly struct MseGradientFormula(float factor) : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * (left - right);
    }

    /// <summary>factor · x.</summary>
    private readonly struct ScaleFormula(float factor) : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * left;
    }

    /// <summary>factor · (exp(x) - 1).</summary>
    private readonly struct HalfExpMinusOneFormula(float factor) : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * (TVector.Exp(left) - TVector.Splat(1));
    }

    /// <summary>Σ (left - right)²; one item is <see cref="ElementsPerItem"/> elements with a partial sum of its own.</summary>
    private struct SquaredDifferenceJob : IJob
    {
        public float* Left;
        public float* Right;
        public int Length;
        public float* Partials;

        public readonly void Execute(int item, int worker)
        {
            int i = item * ElementsPerItem;
            int end = Math.Min(Length, i + ElementsPerItem);
            TVector even = TVector.Zero, odd = TVector.Zero;
            for (; i <= end - (2 * TVector.Count); i += 2 * TVector.Count)
            {
                TVector first = TVector.Load(Left + i) - TVector.Load(Right + i);
                TVector second = TVector.Load(Left + i + TVector.Count) - TVector.Load(Right + i + TVector.Count);
                even = TVector.MultiplyAdd(first, first, even);
                odd = TVector.MultiplyAdd(second, second, odd);
            }

            float* lanes = stackalloc float[TVector.Count];
            (even + odd).Store(lanes);
            double sum = 0;
            for (int lane = 0; lane < TVector.Count; lane++)
            {
                sum += lanes[lane];
            }

            for (; i < end; i++)
            {
                float difference = Left[i] - Right[i];
                sum += difference * difference;
            }

            Partials[item] = (float)sum;
        }
    }
}
