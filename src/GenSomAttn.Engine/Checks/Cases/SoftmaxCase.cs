using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Softmax of rows.</summary>
public sealed class SoftmaxCase(RowsShape shape) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"softmax {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("input", shape.TotalLength, Tolerance.Elementwise)];

    /// <inheritdoc/>
    public override int OutputLength => shape.TotalLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void ReferenceForward(double[][] inputs, double[] output) => Reference.SoftmaxForward(inputs[0], shape, output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
    {
        double[] output = new double[OutputLength];
        Reference.SoftmaxForward(inputs[0], shape, output);
        Reference.SoftmaxBackward(dOutput, output, shape, dInputs[0]);
    }

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.SoftmaxForward(inputs[0], shape, output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
    {
        DeviceView<float> output = scratch.Zeros<float>(OutputLength);
        scratch.Backend.SoftmaxForward(inputs[0], shape, output);
        scratch.Backend.SoftmaxBackward(dOutput, output, shape, dInputs[0]);
    }
}
