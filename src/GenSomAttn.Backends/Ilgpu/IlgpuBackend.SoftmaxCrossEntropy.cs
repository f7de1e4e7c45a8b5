using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyForwardCore(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        SumInGroups(LossKernels.SoftmaxCrossEntropy, On(logits), On(labels), shape.Rows, On(loss));
    }

    /// <inheritdoc/>
    protected override void SoftmaxCrossEntropyBackwardCore(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        Launch(
            OneThreadPerElement(shape.Rows), LossKernels.SoftmaxCrossEntropyGradient, On(logits), On(labels), scale / shape.Rows,
            On(dLogits));
    }
}
