using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void MseForwardCore(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        SquaredDifferenceJob job = default;
        job.Left = prediction.Address();
        job.Right = target.Address();
        job.Length = prediction.Length;
        int items = DivideUp(prediction.Length, Elementwise<TVector>.ElementsPerItem);
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
    protected override void MseBackwardCore(
        DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        Elementwise<TVector>.Run(_pool, new MseGradientFormula(scale * 2 / prediction.Length), prediction, target, dPrediction);
    }

    /// <summary>factor · (prediction - target).</summary>
    private readonly struct MseGradientFormula(float factor) : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * (left - right);
    }

    /// <summary>
    /// Σ (left - right)²; one item is <see cref="Elementwise{TVector}.ElementsPerItem"/> elements with a partial sum of its own.
    /// </summary>
    private struct SquaredDifferenceJob : IJob
    {
        public float* Left;
        public float* Right;
        public int Length;
        public float* Partials;

        public readonly void Execute(int item, int worker)
        {
            int i = item * Elementwise<TVector>.ElementsPerItem;
            int end = Math.Min(Length, i + Elementwise<TVector>.ElementsPerItem);
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
