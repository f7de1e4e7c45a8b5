using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

// Samples of Gaussians and their gradients, in one pass over everything.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void GaussianSampleForwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        GaussianSampleJob job = default;
        job.Mean = mean.Address();
        job.LogVariance = logVariance.Address();
        job.Noise = noise.Address();
        job.Sample = sample.Address();
        job.Length = sample.Length;
        _pool.Run(job, DivideUp(job.Length, Elementwise<TVector>.ElementsPerItem));
    }

    /// <inheritdoc/>
    protected override void GaussianSampleBackwardCore(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        GaussianSampleGradientJob job = default;
        job.DSample = dSample.Address();
        job.LogVariance = logVariance.Address();
        job.Noise = noise.Address();
        job.DMean = dMean.Address();
        job.DLogVariance = dLogVariance.Address();
        job.Length = dSample.Length;
        _pool.Run(job, DivideUp(job.Length, Elementwise<TVector>.ElementsPerItem));
    }

    /// <summary>mean + exp(½ logVariance) · noise; one item is <see cref="Elementwise{TVector}.ElementsPerItem"/> elements.</summary>
    private struct GaussianSampleJob : IJob
    {
        public float* Mean;
        public float* LogVariance;
        public float* Noise;
        public float* Sample;
        public int Length;

        public readonly void Execute(int item, int worker)
        {
            int i = item * Elementwise<TVector>.ElementsPerItem;
            int end = Math.Min(Length, i + Elementwise<TVector>.ElementsPerItem);
            for (; i <= end - TVector.Count; i += TVector.Count)
            {
                var deviation = TVector.Exp(TVector.Splat(0.5f) * TVector.Load(LogVariance + i));
                TVector.MultiplyAdd(deviation, TVector.Load(Noise + i), TVector.Load(Mean + i)).Store(Sample + i);
            }

            for (; i < end; i++)
            {
                Sample[i] = Mean[i] + (MathF.Exp(0.5f * LogVariance[i]) * Noise[i]);
            }
        }
    }

    /// <summary>
    /// dMean += dSample; dLogVariance += dSample · noise · ½ exp(½ logVariance). One item is
    /// <see cref="Elementwise{TVector}.ElementsPerItem"/> elements.
    /// </summary>
    private struct GaussianSampleGradientJob : IJob
    {
        public float* DSample;
        public float* LogVariance;
        public float* Noise;
        public float* DMean;
        public float* DLogVariance;
        public int Length;

        public readonly void Execute(int item, int worker)
        {
            int i = item * Elementwise<TVector>.ElementsPerItem;
            int end = Math.Min(Length, i + Elementwise<TVector>.ElementsPerItem);
            var half = TVector.Splat(0.5f);
            for (; i <= end - TVector.Count; i += TVector.Count)
            {
                var gradient = TVector.Load(DSample + i);
                (TVector.Load(DMean + i) + gradient).Store(DMean + i);
                TVector slope = half * TVector.Exp(half * TVector.Load(LogVariance + i));
                TVector.MultiplyAdd(gradient * TVector.Load(Noise + i), slope, TVector.Load(DLogVariance + i)).Store(DLogVariance + i);
            }

            for (; i < end; i++)
            {
                DMean[i] += DSample[i];
                DLogVariance[i] += DSample[i] * Noise[i] * 0.5f * MathF.Exp(0.5f * LogVariance[i]);
            }
        }
    }
}
