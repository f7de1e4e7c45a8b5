using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Convolution: the input is the big image, the output the small one, the weight (KH, KW, IC, OC).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void Conv2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        OpChecks.Conv2dForward(input, weight, bias, shape, output);
        GatherWindows(
            ConvGeometry.Of(shape), input.Address(), weight.Address(), StridesOf(shape), bias.Address(), output.Address());
    }

    /// <inheritdoc/>
    public void Conv2dBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        OpChecks.Conv2dBackwardInput(dOutput, weight, shape, dInput);
        ScatterWindows(ConvGeometry.Of(shape), dOutput.Address(), weight.Address(), StridesOf(shape), null, dInput.Address());
    }

    /// <inheritdoc/>
    public void Conv2dBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        OpChecks.Conv2dBackwardWeight(dOutput, input, shape, dWeight);
        AddWeightGradient(ConvGeometry.Of(shape), input.Address(), dOutput.Address(), bigIsLeft: true, dWeight.Address());
    }

    private static (int Tap, int Small, int Big) StridesOf(Conv2dShape shape)
        => (shape.InChannels * shape.OutChannels, 1, shape.OutChannels);
}
