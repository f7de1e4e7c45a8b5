using GenSomAttn.Backends;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

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
    public override void ReferenceForward(double[][] inputs, double[] output)
        => Reference.GaussianSampleForward(inputs[0], inputs[1], inputs[2], output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
        => Reference.GaussianSampleBackward(dOutput, inputs[1], inputs[2], dInputs[0], dInputs[1]);

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.GaussianSampleForward(inputs[0], inputs[1], inputs[2], output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
        => scratch.Backend.GaussianSampleBackward(dOutput, inputs[1], inputs[2], dInputs[0], dInputs[1]);
}
