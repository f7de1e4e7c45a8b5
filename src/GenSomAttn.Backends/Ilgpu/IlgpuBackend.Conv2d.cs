using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Ilgpu;

// Convolution as an implicit GEMM: the im2col matrix (N·OH·OW, KH·KW·IC), which is never materialized, times the weight (KH·KW·IC, OC).
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void Conv2dForwardCore(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        Windows windows = new(On(input), Zeros, shape, IsAligned(input));
        ColumnMajor right = new(On(weight), shape.OutChannels, windows.Taps, IsAligned(weight));
        Product(new Im2col(windows), right, bias, output, adds: false);
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardInputCore(
        DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        PhaseKernel kernel = PhaseKernel.OfConv2d(On(weight), shape, IsAligned(weight));
        ScatterWindows(dOutput, kernel, default, shape, dInput);
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardWeightCore(
        DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        Windows windows = new(On(input), Zeros, shape, IsAligned(input));
        ColumnMajor right = new(On(dOutput), shape.OutChannels, windows.Count, IsAligned(dOutput));
        Product(new Im2colTransposed(windows), right, default, dWeight, adds: true);
    }

    /// <summary>
    /// Computes the gradient of a convolution's input, or the output of a transposed convolution: each pixel of the image gathers from
    /// the windows that cover it. One GEMM for each phase of the pixels, all in one launch.
    /// </summary>
    private void ScatterWindows(
        DeviceView<float> windows, PhaseKernel kernel, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> image)
    {
        PhaseWindows left = new(On(windows), Zeros, shape, IsAligned(windows));
        PhaseOutput output = new(On(image), On(bias), shape, IsAligned(image) && IsAligned(bias));
        int mostInners = DivideUp(shape.KernelHeight, shape.Stride) * DivideUp(shape.KernelWidth, shape.Stride) * shape.OutChannels;
        int side = ChooseSide(left.Outers, kernel.Outers, mostInners);
        LaunchProduct(left, kernel, output, side, int.MaxValue, shape.Stride * shape.Stride);
    }
}
