using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Divergence of a Gaussian from the standard one. Its output is one number: the upstream gradient is the loss's weight.</summary>
public sealed class GaussianKlCase(RowsShape shape) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"gaussian_kl {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
        [new("mean", shape.TotalLength, Tolerance.Elementwise), new("logVariance", shape.TotalLength, Tolerance.Elementwise)];

    /// <inheritdoc/>
    public override int OutputLength => 1;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance { get; } = new(0, 1e-5, "a float sum of terms that all have one sign");

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.GaussianKlForward(inputs[0], inputs[1], shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        => scratch.Backend.GaussianKlBackward(inputs[0], inputs[1], shape, dOutput.ToArray()[0], dInputs[0], dInputs[1]);
}
