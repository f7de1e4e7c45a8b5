using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void GaussianKlForwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        SumInGroups(LossKernels.GaussianKl, On(mean), On(logVariance), shape.Rows, On(loss));
    }

    /// <inheritdoc/>
    protected override void GaussianKlBackwardCore(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        Launch(
            OneThreadPerElement(mean.Length), LossKernels.GaussianKlGradient, On(mean), On(logVariance), scale / shape.Rows,
            On(dMean), On(dLogVariance));
    }
}
