using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

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
    public override void ReferenceForward(double[][] inputs, double[] output)
        => Reference.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, Epsilon, output, new double[shape.Rows], new double[shape.Rows]);

    /// <inheritdoc/>
    public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
    {
        double[] savedMean = new double[shape.Rows];
        double[] savedInvStd = new double[shape.Rows];
        Reference.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, Epsilon, new double[OutputLength], savedMean, savedInvStd);
        Reference.LayerNormBackward(
            dOutput, inputs[0], inputs[1], savedMean, savedInvStd, shape, dInputs[0], dInputs[1], dInputs[2]);
    }

    /// <inheritdoc/>
    public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
        => scratch.Backend.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, Epsilon, output, scratch.Zeros<float>(shape.Rows), scratch.Zeros<float>(shape.Rows));

    /// <inheritdoc/>
    public override void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
    {
        DeviceView<float> savedMean = scratch.Zeros<float>(shape.Rows);
        DeviceView<float> savedInvStd = scratch.Zeros<float>(shape.Rows);
        scratch.Backend.LayerNormForward(
            inputs[0], inputs[1], inputs[2], shape, Epsilon, scratch.Zeros<float>(OutputLength), savedMean, savedInvStd);
        scratch.Backend.LayerNormBackward(
            dOutput, inputs[0], inputs[1], savedMean, savedInvStd, shape, dInputs[0], dInputs[1], dInputs[2]);
    }
}
