using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>A convolution with its bias.</summary>
public sealed class Conv2dCase(Conv2dShape shape) : GradientCase
{
    private readonly RowsShape _pixels = new(shape.OutPixels, shape.OutChannels);

    /// <inheritdoc/>
    public override string Name =>
        $"conv2d {shape.Batch}x{shape.InHeight}x{shape.InWidth} {shape.InChannels}->{shape.OutChannels} "
        + $"k{shape.KernelHeight}x{shape.KernelWidth} s{shape.Stride} p{shape.PaddingHeight}x{shape.PaddingWidth}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
    [
        new("input", shape.InputLength, Tolerance.OfSum(shape.KernelHeight * shape.KernelWidth * shape.OutChannels)),
        new("weight", shape.WeightLength, Tolerance.OfSum(shape.OutPixels)),
        new("bias", shape.OutChannels, Tolerance.OfSum(shape.OutPixels)),
    ];

    /// <inheritdoc/>
    public override int OutputLength => shape.OutputLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.OfSum(shape.KernelHeight * shape.KernelWidth * shape.InChannels);

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.Conv2dForward(inputs[0], inputs[1], inputs[2], shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        scratch.Backend.Conv2dBackwardInput(dOutput, inputs[1], shape, dInputs[0]);
        scratch.Backend.Conv2dBackwardWeight(dOutput, inputs[0], shape, dInputs[1]);
        scratch.Backend.BiasBackward(dOutput, _pixels, dInputs[2]);
    }
}
