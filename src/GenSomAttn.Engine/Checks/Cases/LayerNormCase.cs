using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Layer normalization with weight and bias.</summary>
public sealed class LayerNormCase(RowsShape shape) : GradientCase
{
    private const float Epsilon = 1e-5f;

    /// <inheritdoc/>
    public override string Name => $"layer_norm {shape.Rows}x{shape.Length}";

    /// <inheritdoc/>
    public override IReadOnlyList<CaseInput> Inputs =>
    [
        new("input", shape.TotalLength, Normalized),
        new("weight", shape.Length, Tolerance.OfSum(shape.Rows)),
        new("bias", shape.Length, Tolerance.OfSum(shape.Rows)),
    ];

    /// <inheritdoc/>
    public override int OutputLength => shape.TotalLength;

    /// <inheritdoc/>
    public override Tolerance OutputTolerance => Normalized;

    private static Tolerance Normalized { get; } =
        new(5e-6, 5e-6, "a row's mean and variance are float means, wrong by a few times 1e-7, and scale every element of it");

    /// <inheritdoc/>
    public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        => scratch.Backend.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, T.CreateChecked(Epsilon), output,
            scratch.Zeros<T>(shape.Rows), scratch.Zeros<T>(shape.Rows));

    /// <inheritdoc/>
    public override void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
    {
        DeviceView<T> savedMean = scratch.Zeros<T>(shape.Rows);
        DeviceView<T> savedInvStd = scratch.Zeros<T>(shape.Rows);
        scratch.Backend.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, T.CreateChecked(Epsilon), scratch.Zeros<T>(OutputLength), savedMean, savedInvStd);
        scratch.Backend.LayerNormBackward(
            dOutput, inputs[0], inputs[1], savedMean, savedInvStd, shape, dInputs[0], dInputs[1], dInputs[2]);
    }
}
