using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

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
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.AttentionForward(inputs[0], shape, scratch.Zeros<T>(shape.ProbsLength), output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        DeviceView<T> probs = scratch.Zeros<T>(shape.ProbsLength);
        scratch.Backend.AttentionForward(inputs[0], shape, probs, scratch.Zeros<T>(OutputLength));
        scratch.Backend.AttentionBackward(dOutput, inputs[0], probs, shape, dInputs[0]);
    }
}
