using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>A linear layer with its bias, or without.</summary>
public sealed class LinearCase(LinearShape shape, bool bias = true) : GradientCase
{
    private readonly RowsShape _rows = new(shape.Rows, shape.OutFeatures);

    /// <inheritdoc/>
    public override string Name => $"linear {shape.Rows}x{shape.InFeatures}->{shape.OutFeatures}{(bias ? string.Empty : " no bias")}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs
    {
        get
        {
            CaseInput input = new("input", shape.InputLength, Tolerance.OfSum(shape.OutFeatures));
            CaseInput weight = new("weight", shape.WeightLength, Tolerance.OfSum(shape.Rows));
            return bias ? [input, weight, new CaseInput("bias", shape.OutFeatures, Tolerance.OfSum(shape.Rows))] : [input, weight];
        }
    }

    /// <inheritdoc/>
    public override int OutputLength => shape.OutputLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.OfSum(shape.InFeatures);

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.LinearForward(inputs[0], inputs[1], bias ? inputs[2] : default, shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        scratch.Backend.LinearBackwardInput(dOutput, inputs[1], shape, dInputs[0]);
        scratch.Backend.LinearBackwardWeight(dOutput, inputs[0], shape, dInputs[1]);
        if (bias)
        {
            scratch.Backend.BiasBackward(dOutput, _rows, dInputs[2]);
        }
    }
}
