using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyForwardCore(
        DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, DeviceView<T> loss)
    {
        T sum = T.Zero;
        for (int n = 0; n < shape.Rows; n++)
        {
            ReadOnlySpan<T> row = Row(logits, n, shape.Length);   // (C)

            // Pass 1: the maximum, so that no power overflows
            T max = Max(row);

            // Pass 2: Σ exp(logits[n,j] - max)
            T powers = T.Zero;
            foreach (T x in row)
            {
                powers += T.Exp(x - max);
            }

            // loss += log Σ exp(logits[n,j] - max) - (logits[n,label] - max)
            sum += T.Log(powers) - (row[labels[n]] - max);
        }

        loss[0] = sum / T.CreateChecked(shape.Rows);
    }

    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyBackwardCore(
        DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, T scale, DeviceView<T> dLogits)
    {
        T factor = scale / T.CreateChecked(shape.Rows);

        // Pass 1: dLogits = softmax(logits), (N, C)
        SoftmaxForwardCore(logits, shape, dLogits);

        // Pass 2: dLogits[n,j] = scale · (softmax[n,j] - (j = label)) / N
        for (int n = 0; n < shape.Rows; n++)
        {
            // forward: loss = Σ (log Σ exp(row[j] - max) - (row[label] - max)) / N, and the derivative of the logarithm is the softmax
            Span<T> dRow = Row(dLogits, n, shape.Length);
            dRow[labels[n]] -= T.One;
            for (int j = 0; j < shape.Length; j++)
            {
                dRow[j] *= factor;
            }
        }
    }
}
