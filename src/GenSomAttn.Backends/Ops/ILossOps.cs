using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Losses. Each backward takes the weight of the loss in the total as <c>scale</c>.</summary>
public interface ILossOps
{
    /// <summary>Mean over all elements of (prediction - target)². Overwrites <paramref name="loss"/> (1).</summary>
    void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss);

    /// <summary>dPrediction = scale · 2 (prediction - target) / elements. Overwrites <paramref name="dPrediction"/>.</summary>
    void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction);

    /// <summary>
    /// Kullback-Leibler divergence of N(mean, exp(logVariance)) from N(0, 1), summed over the dimensions, mean over the
    /// batch. Overwrites <paramref name="loss"/> (1).
    /// </summary>
    /// <remarks>½ Σ (mean² + exp(logVariance) - logVariance - 1). Source: Kingma and Welling 2014, appendix B.</remarks>
    void GaussianKlForward(DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss);

    /// <summary>
    /// Gradients of <see cref="GaussianKlForward"/>: dMean = scale · mean / batch, dLogVariance = scale · ½ (exp(logVariance) - 1) / batch.
    /// Overwrites both.
    /// </summary>
    void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance);

    /// <summary>
    /// Cross-entropy of the softmax of each row with the row's label, mean over the batch. Overwrites <paramref name="loss"/>.
    /// </summary>
    /// <param name="logits">(N, C).</param>
    /// <param name="labels">(N), each from 0 to C - 1.</param>
    /// <param name="shape">N rows of C logits.</param>
    /// <param name="loss">(1).</param>
    /// <exception cref="IndexOutOfRangeException">
    /// A label is not from 0 to C - 1, where the host computes. A device cannot throw: there the loss is not a number.
    /// </exception>
    /// <remarks>
    /// Σ over n of (log Σ exp(logits[n,j] - max) - (logits[n,label] - max)) / N, max being the row's largest, so that no power overflows.
    /// Source: PyTorch nn.functional.cross_entropy.
    /// </remarks>
    void SoftmaxCrossEntropyForward(DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss);

    /// <summary>
    /// Gradient of <see cref="SoftmaxCrossEntropyForward"/>: dLogits = scale · (softmax(logits) - (j = label)) / N. Overwrites
    /// <paramref name="dLogits"/>. Computes the softmax anew: a saved one would cost another (N, C) to spare few powers, and bind backward
    /// to a forward whose loss nobody may have asked for.
    /// </summary>
    /// <exception cref="IndexOutOfRangeException">
    /// A label is not from 0 to C - 1, where the host computes. On a device its row of dLogits is not a number.
    /// </exception>
    void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits);
}
