using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

// Activations, a thread for each element.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void ReluForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.ReluForward(input, output);
        Launch(OneThreadPerElement(output.Length), ActivationKernels.ReluForward, On(input), On(output));
    }

    /// <inheritdoc/>
    public void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.ReluBackward(dOutput, output, dInput);
        Launch(OneThreadPerElement(dInput.Length), ActivationKernels.ReluBackward, On(dOutput), On(output), On(dInput));
    }

    /// <inheritdoc/>
    public void SigmoidForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.SigmoidForward(input, output);
        Launch(OneThreadPerElement(output.Length), ActivationKernels.SigmoidForward, On(input), On(output));
    }

    /// <inheritdoc/>
    public void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.SigmoidBackward(dOutput, output, dInput);
        Launch(OneThreadPerElement(dInput.Length), ActivationKernels.SigmoidBackward, On(dOutput), On(output), On(dInput));
    }
}
