using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Cross-entropy with drawn labels. Its output is one number: the upstream gradient is the loss's weight.</summary>
public sealed class SoftmaxCrossEntropyCase(RowsShape shape) : GradientCase
{
    private readonly int[] _labels = CheckNumbers.DrawIndices(shape.Rows, shape.Length, 2);

    /// <inheritdoc/>
    public override string Name => $"softmax_cross_entropy {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("logits", shape.TotalLength, Tolerance.Elementwise)];

    /// <inheritdoc/>
    public override int OutputLength => 1;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance { get; } =
        new(1e-6, 1e-5, "a float mean of numbers that are not negative, each a difference of numbers of size 1");

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.SoftmaxCrossEntropyForward(inputs[0], scratch.Of<int>(_labels), shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        => scratch.Backend.SoftmaxCrossEntropyBackward(
            inputs[0], scratch.Of<int>(_labels), shape, dOutput.ToArray()[0], dInputs[0]);
}
