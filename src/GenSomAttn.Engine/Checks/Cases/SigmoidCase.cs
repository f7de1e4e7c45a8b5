using GenSomAttn.Backends;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>The logistic function.</summary>
public sealed class SigmoidCase(int length) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"sigmoid {length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("input", length, Tolerance.Elementwise)];

    /// <inheritdoc/>
    public override int OutputLength => length;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void ReferenceForward(double[][] inputs, double[] output) => Reference.SigmoidForward(inputs[0], output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
    {
        double[] output = new double[length];
        Reference.SigmoidForward(inputs[0], output);
        Reference.SigmoidBackward(dOutput, output, dInputs[0]);
    }

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.SigmoidForward(inputs[0], output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
    {
        DeviceView<float> output = scratch.Zeros<float>(length);
        scratch.Backend.SigmoidForward(inputs[0], output);
        scratch.Backend.SigmoidBackward(dOutput, output, dInputs[0]);
    }
}
