using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

// One thread for each element.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void ActivationForwardCore(Activation activation, DeviceView<float> input, DeviceView<float> output) =>
        Launch(OneThreadPerElement(output.Length), ActivationKernels.ForwardOf(activation), On(input), On(output));

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(
        Activation activation, DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput) =>
        Launch(OneThreadPerElement(dInput.Length), ActivationKernels.BackwardOf(activation), On(dOutput), On(output), On(dInput));
}
