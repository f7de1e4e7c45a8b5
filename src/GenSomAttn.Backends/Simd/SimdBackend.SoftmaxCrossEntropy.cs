using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyForwardCore(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
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
    protected override void SoftmaxCrossEntropyBackwardCore(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        SoftmaxForwardCore(logits, shape, dLogits);
        Span<float> rows = dLogits.Span();
        ReadOnlySpan<int> label = labels.Span();
        for (int n = 0; n < shape.Rows; n++)
        {
            rows.Slice(n * shape.Length, shape.Length)[label[n]] -= 1;
        }

        Elementwise<TVector>.Run(_pool, new ScaleFormula<TVector>(scale / shape.Rows), dLogits, dLogits, dLogits);
    }
}
