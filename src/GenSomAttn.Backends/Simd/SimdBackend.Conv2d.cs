using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Backends.Simd.Winograd;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Convolution: the input is the big image, the output the small one, the weight (KH, KW, IC, OC).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void Conv2dForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).Gather(geometry, input.Address(), weight.Address(), StridesOf(shape), bias.Address(), output.Address());
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).Scatter(geometry, dOutput.Address(), weight.Address(), StridesOf(shape), null, dInput.Address());
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        var geometry = ConvGeometry.Of(shape);
        AlgorithmOf(geometry).AddWeightGradient(geometry, input.Address(), dOutput.Address(), bigIsLeft: true, dWeight.Address());
    }

    /// <summary>Chooses the algorithm of a convolution or transposed convolution, by its sizes alone.</summary>
    private ConvAlgorithm<TVector> AlgorithmOf(ConvGeometry geometry)
        => geometry.UsesWindows ? _byWindows : WinogradPlan.Fits(geometry) ? _byWinograd : _byPixels;

    private static (int Tap, int Small, int Big) StridesOf(Conv2dShape shape)
        => (shape.InChannels * shape.OutChannels, 1, shape.OutChannels);
}
