using GenSomAttn.Backends;

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
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.MseForward(inputs[0], inputs[1], output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        => scratch.Backend.MseBackward(inputs[0], inputs[1], dOutput.ToArray()[0], dInputs[0]);
}
