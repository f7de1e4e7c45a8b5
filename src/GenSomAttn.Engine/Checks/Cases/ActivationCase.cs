using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>An activation, kept away from 0, where ReLU has a kink.</summary>
public sealed class ActivationCase(Activation activation, int length) : GradientCase
{
    private const double KinkDistance = 1e-2;

    /// <inheritdoc/>
    public override string Name => $"{activation.ToString().ToLowerInvariant()} {length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("input", length, OutputTolerance, KinkDistance)];

    /// <inheritdoc/>
    public override int OutputLength => length;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => activation == Activation.Relu ? Tolerance.Exact : Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.ActivationForward(activation, inputs[0], output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        DeviceView<T> output = scratch.Zeros<T>(length);
        scratch.Backend.ActivationForward(activation, inputs[0], output);
        scratch.Backend.ActivationBackward(activation, dOutput, output, dInputs[0]);
    }
}
