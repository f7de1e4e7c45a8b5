using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Transposed convolution: the input is the small image, the output the big one, the weight (IC, KH, KW, OC).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void ConvTranspose2dForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).Scatter(geometry, input.Address(), weight.Address(), StridesOf(shape), bias.Address(), output.Address());
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).Gather(geometry, dOutput.Address(), weight.Address(), StridesOf(shape), null, dInput.Address());
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).AddWeightGradient(geometry, dOutput.Address(), input.Address(), bigIsLeft: false, dWeight.Address());
    }

    private static (int Tap, int Small, int Big) StridesOf(ConvTranspose2dShape shape)
        => (shape.OutChannels, shape.KernelHeight * shape.KernelWidth * shape.OutChannels, 1);
}
