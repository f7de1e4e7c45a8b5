using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

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
    public override void ReferenceForward(double[][] inputs, double[] output)
        => Reference.SoftmaxCrossEntropyForward(inputs[0], _labels, shape, output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
        => Reference.SoftmaxCrossEntropyBackward(inputs[0], _labels, shape, dOutput[0], dInputs[0]);

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.SoftmaxCrossEntropyForward(inputs[0], scratch.Of<int>(_labels), shape, output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
        => scratch.Backend.SoftmaxCrossEntropyBackward(
            inputs[0], scratch.Of<int>(_labels), shape, dOutput.ToArray()[0], dInputs[0]);
}
