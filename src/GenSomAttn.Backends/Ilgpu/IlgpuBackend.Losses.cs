using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Losses: reductions in two stages, or in one where one group is enough.
internal sealed partial class IlgpuBackend
{
    /// <summary>Minimum elements of a thread, and maximum number of groups of a reduction.</summary>
    private const int MinElementsOfThread = 8, MaxSumGroups = 128;

    /// <inheritdoc/>
    public void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        OpChecks.MseForward(prediction, target, loss);
        SumInGroups(LossKernels.SquaredError, On(prediction), On(target), prediction.Length, On(loss));
    }

    /// <inheritdoc/>
    public void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        OpChecks.MseBackward(prediction, target, dPrediction);
        float factor = scale * 2 / prediction.Length;
        Launch(
            OneThreadPerElement(prediction.Length), LossKernels.SquaredErrorGradient, On(prediction), On(target), factor, On(dPrediction));
    }

    /// <inheritdoc/>
    public void GaussianKlForward(DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.GaussianKlForward(mean, logVariance, shape, loss);
        SumInGroups(LossKernels.GaussianKl, On(mean), On(logVariance), shape.Rows, On(loss));
    }

    /// <inheritdoc/>
    public void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianKlBackward(mean, logVariance, shape, dMean, dLogVariance);
        Launch(
            OneThreadPerElement(mean.Length), LossKernels.GaussianKlGradient, On(mean), On(logVariance), scale / shape.Rows,
            On(dMean), On(dLogVariance));
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyForward(DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.SoftmaxCrossEntropyForward(logits, labels, shape, loss);
        SumInGroups(LossKernels.SoftmaxCrossEntropy, On(logits), On(labels), shape.Rows, On(loss));
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        OpChecks.SoftmaxCrossEntropyBackward(logits, labels, shape, dLogits);
        Launch(
            OneThreadPerElement(shape.Rows), LossKernels.SoftmaxCrossEntropyGradient, On(logits), On(labels), scale / shape.Rows,
            On(dLogits));
    }

    private void SumInGroups<TRight>(
        Action<ArrayView<float>, ArrayView<TRight>, float, ArrayView<float>> kernel,
        ArrayView<float> left, ArrayView<TRight> right, float divisor, ArrayView<float> total)
        where TRight : unmanaged
    {
        int groups = Math.Clamp(left.IntLength / (GroupSize * MinElementsOfThread), 1, MaxSumGroups);
        if (groups == 1)
        {
            Launch(Groups(1), kernel, left, right, divisor, total);
            return;
        }

        ArrayView<float> sums = Workspace(groups);
        Launch(Groups(groups), kernel, left, right, 1f, sums);
        Launch(Groups(1), LossKernels.Total, sums, divisor, total);
    }
}
