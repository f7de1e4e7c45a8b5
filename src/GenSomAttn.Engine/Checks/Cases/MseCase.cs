using GenSomAttn.Backends;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Mean squared error. Its output is one number, so that the upstream gradient is the loss's weight.</summary>
public sealed class MseCase(int length) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"mse {length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
        [new("prediction", length, Tolerance.Elementwise), new("target", length, Gradient: null)];

    /// <inheritdoc/>
    public override int OutputLength => 1;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance { get; } = new(0, 1e-5, "a float mean of squares, which all have one sign");

    /// <inheritdoc/>
    public override void ReferenceForward(double[][] inputs, double[] output) => Reference.MseForward(inputs[0], inputs[1], output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
        => Reference.MseBackward(inputs[0], inputs[1], dOutput[0], dInputs[0]);

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.MseForward(inputs[0], inputs[1], output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
        => scratch.Backend.MseBackward(inputs[0], inputs[1], dOutput.ToArray()[0], dInputs[0]);
}
