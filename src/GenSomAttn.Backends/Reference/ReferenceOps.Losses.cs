using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="ILossOps.MseForward"/>
    public static void MseForward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, Span<T> loss)
    {
        T sum = T.Zero;
        for (int i = 0; i < prediction.Length; i++)
        {
            sum += (prediction[i] - target[i]) * (prediction[i] - target[i]);
        }

        loss[0] = sum / T.CreateChecked(prediction.Length);
    }

    /// <inheritdoc cref="ILossOps.MseBackward"/>
    public static void MseBackward(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, T scale, Span<T> dPrediction)
    {
        T factor = scale * Two / T.CreateChecked(prediction.Length);
        for (int i = 0; i < prediction.Length; i++)
        {
            // forward: loss = Σ (prediction[i] - target[i])² / elements
            dPrediction[i] = factor * (prediction[i] - target[i]);
        }
    }

    /// <inheritdoc cref="ILossOps.GaussianKlForward"/>
    public static void GaussianKlForward(ReadOnlySpan<T> mean, ReadOnlySpan<T> logVariance, RowsShape shape, Span<T> loss)
    {
        T sum = T.Zero;
        for (int i = 0; i < mean.Length; i++)
        {
            sum += Half * ((mean[i] * mean[i]) + T.Exp(logVariance[i]) - logVariance[i] - T.One);
        }

        loss[0] = sum / T.CreateChecked(shape.Rows);
    }

    /// <inheritdoc cref="ILossOps.GaussianKlBackward"/>
    public static void GaussianKlBackward(
        ReadOnlySpan<T> mean, ReadOnlySpan<T> logVariance, RowsShape shape, T scale, Span<T> dMean, Span<T> dLogVariance)
    {
        T factor = scale / T.CreateChecked(shape.Rows);
        for (int i = 0; i < mean.Length; i++)
        {
            // forward: loss = Σ ½ (mean[i]² + exp(logVariance[i]) - logVariance[i] - 1) / batch
            dMean[i] = factor * mean[i];
            dLogVariance[i] = factor * Half * (T.Exp(logVariance[i]) - T.One);
        }
    }

    /// <inheritdoc cref="ILossOps.SoftmaxCrossEntropyForward"/>
    public static void SoftmaxCrossEntropyForward(ReadOnlySpan<T> logits, ReadOnlySpan<int> labels, RowsShape shape, Span<T> loss)
    {
        T sum = T.Zero;
        for (int n = 0; n < shape.Rows; n++)
        {
            ReadOnlySpan<T> row = Row(logits, n, shape.Length);
            T max = Max(row);
            T powers = T.Zero;
            foreach (T x in row)
            {
                powers += T.Exp(x - max);
            }

            sum += T.Log(powers) - (row[labels[n]] - max);
        }

        loss[0] = sum / T.CreateChecked(shape.Rows);
    }

    /// <inheritdoc cref="ILossOps.SoftmaxCrossEntropyBackward"/>
    public static void SoftmaxCrossEntropyBackward(
        ReadOnlySpan<T> logits, ReadOnlySpan<int> labels, RowsShape shape, T scale, Span<T> dLogits)
    {
        T factor = scale / T.CreateChecked(shape.Rows);
        SoftmaxForward(logits, shape, dLogits);
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
