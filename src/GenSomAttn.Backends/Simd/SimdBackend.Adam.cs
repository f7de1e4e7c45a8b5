using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

// Adam, in one pass over the flat buffers.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void AdamStepCore(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment)
    {
        AdamJob job = default;
        job.Gradient = gradient.Address();
        job.Parameter = parameter.Address();
        job.FirstMoment = firstMoment.Address();
        job.SecondMoment = secondMoment.Address();
        job.Length = parameter.Length;
        job.Beta1 = (float)settings.Beta1;
        job.Beta2 = (float)settings.Beta2;
        job.OneMinusBeta1 = (float)(1 - settings.Beta1);
        job.OneMinusBeta2 = (float)(1 - settings.Beta2);
        job.StepSize = rates.Span()[0];
        job.SecondScale = rates.Span()[1];
        job.Epsilon = (float)settings.Epsilon;
        _pool.Run(job, DivideUp(parameter.Length, Elementwise<TVector>.ElementsPerItem));
    }

    /// <summary>One item is <see cref="Elementwise{TVector}.ElementsPerItem"/> parameters.</summary>
    private struct AdamJob : IJob
    {
        public float* Gradient;
        public float* Parameter;
        public float* FirstMoment;
        public float* SecondMoment;
        public int Length;
        public float Beta1;
        public float Beta2;
        public float OneMinusBeta1;
        public float OneMinusBeta2;
        public float StepSize;
        public float SecondScale;
        public float Epsilon;

        public readonly void Execute(int item, int worker)
        {
            int i = item * Elementwise<TVector>.ElementsPerItem;
            int end = Math.Min(Length, i + Elementwise<TVector>.ElementsPerItem);
            for (; i <= end - TVector.Count; i += TVector.Count)
            {
                Update(Gradient + i, Parameter + i, FirstMoment + i, SecondMoment + i);
            }

            if (i < end)
            {
                UpdateRest(i, end - i);
            }
        }

        /// <summary>
        /// Computes m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; p -= rate / (1-β₁ᵗ) · m / (√(v / (1-β₂ᵗ)) + ε), on one vector.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Update(float* gradient, float* parameter, float* firstMoment, float* secondMoment)
        {
            TVector g = TVector.Load(gradient);
            TVector m = TVector.MultiplyAdd(TVector.Splat(Beta1), TVector.Load(firstMoment), TVector.Splat(OneMinusBeta1) * g);
            TVector v = TVector.MultiplyAdd(TVector.Splat(Beta2), TVector.Load(secondMoment), TVector.Splat(OneMinusBeta2) * (g * g));
            m.Store(firstMoment);
            v.Store(secondMoment);
            TVector denominator = TVector.Sqrt(v * TVector.Splat(SecondScale)) + TVector.Splat(Epsilon);
            (TVector.Load(parameter) - (TVector.Splat(StepSize) * m / denominator)).Store(parameter);
        }

        /// <summary>Updates the last, partial vector, padded with zeros.</summary>
        private readonly void UpdateRest(int first, int count)
        {
            float* rest = stackalloc float[4 * TVector.Count];
            float* g = rest, p = rest + TVector.Count, m = p + TVector.Count, v = m + TVector.Count;
            new Span<float>(Gradient + first, count).CopyTo(new Span<float>(g, count));
            new Span<float>(Parameter + first, count).CopyTo(new Span<float>(p, count));
            new Span<float>(FirstMoment + first, count).CopyTo(new Span<float>(m, count));
            new Span<float>(SecondMoment + first, count).CopyTo(new Span<float>(v, count));
            Update(g, p, m, v);
            new Span<float>(p, count).CopyTo(new Span<float>(Parameter + first, count));
            new Span<float>(m, count).CopyTo(new Span<float>(FirstMoment + first, count));
            new Span<float>(v, count).CopyTo(new Span<float>(SecondMoment + first, count));
        }
    }
}
