using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Multi-head self-attention between its projections.</summary>
public sealed class AttentionCase(AttentionShape shape) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"attention {shape.Batch}x{shape.Tokens}x{shape.Width} heads {shape.Heads}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs => [new("queryKeyValue", shape.QueryKeyValueLength, Rows)];

    /// <inheritdoc/>
    public override int OutputLength => shape.ContextLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Rows;

    /// <summary>Scores sum over a head, context over the tokens; gradients sum over both, one after the other.</summary>
    private Tolerance Rows => Tolerance.OfSum(shape.HeadSize + shape.Tokens);

    /// <inheritdoc/>
    public override void ReferenceForward(double[][] inputs, double[] output)
        => Reference.AttentionForward(inputs[0], shape, new double[shape.ProbsLength], output);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
    {
        double[] probs = new double[shape.ProbsLength];
        Reference.AttentionForward(inputs[0], shape, probs, new double[OutputLength]);
        Reference.AttentionBackward(dOutput, inputs[0], probs, shape, dInputs[0]);
    }

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.AttentionForward(inputs[0], shape, scratch.Zeros<float>(shape.ProbsLength), output);

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
    {
        DeviceView<float> probs = scratch.Zeros<float>(shape.ProbsLength);
        scratch.Backend.AttentionForward(inputs[0], shape, probs, scratch.Zeros<float>(OutputLength));
        scratch.Backend.AttentionBackward(dOutput, inputs[0], probs, shape, dInputs[0]);
    }
}
