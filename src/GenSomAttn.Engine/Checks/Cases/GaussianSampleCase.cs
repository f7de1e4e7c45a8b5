using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Samples of Gaussians with given noise, which gets no gradient.</summary>
public sealed class GaussianSampleCase(int length) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"gaussian_sample {length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
    [
        new("mean", length, Tolerance.Elementwise), new("logVariance", length, Tolerance.Elementwise),
        new("noise", length, Gradient: null),
    ];

    /// <inheritdoc/>
    public override int OutputLength => length;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.GaussianSampleForward(inputs[0], inputs[1], inputs[2], output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        => scratch.Backend.GaussianSampleBackward(dOutput, inputs[1], inputs[2], dInputs[0], dInputs[1]);
}
