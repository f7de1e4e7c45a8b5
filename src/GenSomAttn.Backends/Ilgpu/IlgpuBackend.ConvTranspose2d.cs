using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Transposed convolution: the backward pass of the convolution from its output to its input.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void ConvTranspose2dForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output)
    {
        Conv2dShape conv = OtherWay(shape);
        ScatterWindows(input, PhaseKernel.OfConvTranspose2d(On(weight), conv, IsAligned(weight)), bias, conv, output);
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput)
    {
        Windows windows = WindowsOf(dOutput, shape);
        RowMajor right = new(On(weight), shape.InChannels, windows.Taps, IsAligned(weight));
        Product(new Im2col(windows), right, default, dInput, adds: false);
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight)
    {
        Windows windows = WindowsOf(dOutput, shape);
        ColumnMajor left = new(On(input), shape.InChannels, windows.Count, IsAligned(input));
        Product(left, new Im2colTransposed(windows), default, dWeight, adds: true);
    }

    private Windows WindowsOf(DeviceView<float> image, ConvTranspose2dShape shape) =>
        new(On(image), Zeros, OtherWay(shape), IsAligned(image));

    /// <summary>
    /// Returns the convolution from the output to the input. Its windows are the input's pixels, because the output padding is less than
    /// the stride.
    /// </summary>
    private static Conv2dShape OtherWay(ConvTranspose2dShape shape) => new(
        shape.Batch, shape.OutHeight, shape.OutWidth, shape.OutChannels, shape.InChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.Padding);
}
