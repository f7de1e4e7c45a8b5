using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Softmax of rows.</summary>
public sealed class SoftmaxCase(RowsShape shape) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"softmax {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("input", shape.TotalLength, Tolerance.Elementwise)];

    /// <inheritdoc/>
    public override int OutputLength => shape.TotalLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.SoftmaxForward(inputs[0], shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        DeviceView<T> output = scratch.Zeros<T>(OutputLength);
        scratch.Backend.SoftmaxForward(inputs[0], shape, output);
        scratch.Backend.SoftmaxBackward(dOutput, output, shape, dInputs[0]);
    }
}
