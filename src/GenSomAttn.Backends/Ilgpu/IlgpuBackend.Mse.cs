using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void MseForwardCore(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        SumInGroups(LossKernels.SquaredError, On(prediction), On(target), prediction.Length, On(loss));
    }

    /// <inheritdoc/>
    protected override void MseBackwardCore(
        DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        float factor = scale * 2 / prediction.Length;
        Launch(
            OneThreadPerElement(prediction.Length), LossKernels.SquaredErrorGradient, On(prediction), On(target), factor, On(dPrediction));
    }
}
