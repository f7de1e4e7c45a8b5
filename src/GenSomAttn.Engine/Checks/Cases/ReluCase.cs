using GenSomAttn.Backends;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>ReLU, kept away from its kink.</summary>
public sealed class ReluCase(int length) : GradientCase
{
    private const double KinkDistance = 1e-2;

    /// <inheritdoc/>
    public override string Name => $"relu {length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("input", length, Tolerance.Exact, KinkDistance)];

    /// <inheritdoc/>
    public override int OutputLength => length;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Exact;

    /// <inheritdoc/>
    public override void ReferenceForward(double[][] inputs, double[] output) => Reference.ReluForward(inputs[0], output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
    {
        double[] output = new double[length];
        Reference.ReluForward(inputs[0], output);
        Reference.ReluBackward(dOutput, output, dInputs[0]);
    }

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.ReluForward(inputs[0], output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
    {
        DeviceView<float> output = scratch.Zeros<float>(length);
        scratch.Backend.ReluForward(inputs[0], output);
        scratch.Backend.ReluBackward(dOutput, output, dInputs[0]);
    }
}
