using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;

namespace GenSomAttn.Backends.Ilgpu;

// Adam, a thread for each parameter.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void AdamStepCore(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment)
    {
        // 1 - β is computed in double: in float, 1 - 0.999f has a relative error of 1e-5.
        Float4 decay = new((float)settings.Beta1, (float)(1 - settings.Beta1), (float)settings.Beta2, (float)(1 - settings.Beta2));
        Launch(
            OneThreadPerElement(parameter.Length), AdamKernels.Step, On(gradient), decay, (float)settings.Epsilon, On(rates),
            On(parameter), On(firstMoment), On(secondMoment));
    }
}
