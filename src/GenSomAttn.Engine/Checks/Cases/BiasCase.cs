using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>A bias added to every row. The input's gradient is the output's, which no operation computes.</summary>
public sealed class BiasCase(RowsShape shape) : GradientCase
{
    /// <inheritdoc/>
    public override string Name => $"bias {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
        [new("input", shape.TotalLength, Gradient: null), new("bias", shape.Length, Tolerance.OfSum(shape.Rows))];

    /// <inheritdoc/>
    public override int OutputLength => shape.TotalLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Tolerance.Elementwise;

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.BiasForward(inputs[0], inputs[1], shape, output);

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        => scratch.Backend.BiasBackward(dOutput, shape, dInputs[1]);
}
