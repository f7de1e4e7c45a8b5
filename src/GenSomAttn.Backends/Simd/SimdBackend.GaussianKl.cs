using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void GaussianKlForwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        ReadOnlySpan<float> means = mean.Span(), logVariances = logVariance.Span();
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            sum += (means[i] * means[i]) + MathF.Exp(logVariances[i]) - logVariances[i] - 1;
        }

        loss.Span()[0] = (float)(sum / (2 * shape.Rows));
    }

    /// <inheritdoc/>
    protected override void GaussianKlBackwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        Elementwise<TVector>.Run(_pool, new ScaleFormula<TVector>(scale / shape.Rows), mean, mean, dMean);
        Elementwise<TVector>.Run(_pool, new HalfExpMinusOneFormula(scale / (2 * shape.Rows)), logVariance, logVariance, dLogVariance);
    }

    /// <summary>factor · (exp(x) - 1).</summary>
    private readonly struct HalfExpMinusOneFormula(float factor) : IFormula<TVector>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => TVector.Splat(factor) * (TVector.Exp(left) - TVector.Splat(1));
    }
}
