using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Cross-entropy of the softmax of each row with the row's label, mean over the batch. Overwrites <paramref name="loss"/>.
    /// </summary>
    /// <param name="logits">(N, C).</param>
    /// <param name="labels">(N), each from 0 to C - 1.</param>
    /// <param name="shape">N rows of C logits.</param>
    /// <param name="loss">(1).</param>
    /// <exception cref="IndexOutOfRangeException">
    /// A label is not from 0 to C - 1, where the host computes. A device cannot throw: there the loss is NaN.
    /// </exception>
    /// <remarks>
    /// loss = Σ over n of (log Σ exp(logits[n,j] - max) - (logits[n,label] - max)) / N, max being the row's largest, so that no power
    /// overflows. Source: PyTorch nn.functional.cross_entropy.
    /// </remarks>
    public void SoftmaxCrossEntropyForward(DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, DeviceView<T> loss)
    {
        using OperationCall call = Contract(shape)
            .Reads(logits, shape.TotalLength).Reads(labels, shape.Rows).Writes(loss, 1).Begin();
        SoftmaxCrossEntropyForwardCore(logits, labels, shape, loss);
    }

    /// <summary>
    /// Gradient of <see cref="SoftmaxCrossEntropyForward"/>. Overwrites <paramref name="dLogits"/>. Recomputes the softmax: to save it
    /// would cost another (N, C) to spare few powers, and would bind backward to a forward whose loss may not be needed.
    /// </summary>
    /// <param name="logits">(N, C).</param>
    /// <param name="labels">(N), each from 0 to C - 1.</param>
    /// <param name="shape">N rows of C logits.</param>
    /// <param name="scale">Weight of this loss in the total.</param>
    /// <param name="dLogits">(N, C).</param>
    /// <exception cref="IndexOutOfRangeException">
    /// A label is not from 0 to C - 1, where the host computes. On a device its row of dLogits is NaN.
    /// </exception>
    /// <remarks>
    /// dLogits[n,j] = scale · (softmax(logits[n])[j] - (j = label)) / N: the derivative of log Σ exp is the softmax.
    /// </remarks>
    public void SoftmaxCrossEntropyBackward(
        DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, T scale, DeviceView<T> dLogits)
    {
        using OperationCall call = Contract(shape)
            .Reads(logits, shape.TotalLength).Reads(labels, shape.Rows).Writes(dLogits, shape.TotalLength).Begin();
        SoftmaxCrossEntropyBackwardCore(logits, labels, shape, scale, dLogits);
    }

    /// <summary>Computes <see cref="SoftmaxCrossEntropyForward"/>.</summary>
    protected abstract void SoftmaxCrossEntropyForwardCore(
        DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, DeviceView<T> loss);

    /// <summary>Computes <see cref="SoftmaxCrossEntropyBackward"/>.</summary>
    protected abstract void SoftmaxCrossEntropyBackwardCore(
        DeviceView<T> logits, DeviceView<int> labels, RowsShape shape, T scale, DeviceView<T> dLogits);
}
