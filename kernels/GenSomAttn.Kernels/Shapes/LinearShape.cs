namespace GenSomAttn.Kernels.Shapes;

/// <summary>Sizes of a linear layer. Input (rows, in), weight (in, out), bias (out), output (rows, out).</summary>
/// <param name="Rows">Number of input vectors.</param>
/// <param name="InFeatures">Elements of an input vector.</param>
/// <param name="OutFeatures">Elements of an output vector.</param>
public readonly record struct LinearShape(int Rows, int InFeatures, int OutFeatures) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Rows) ?? Size.Positive(InFeatures) ?? Size.Positive(OutFeatures);

    /// <summary>FLOPs of the forward pass, and of each of the two backward passes: 2·rows·in·out.</summary>
    public long Flops => 2L * Rows * WeightLength;

    /// <summary>Elements of the input.</summary>
    public int InputLength => Rows * InFeatures;

    /// <summary>Elements of the weight.</summary>
    public int WeightLength => InFeatures * OutFeatures;

    /// <summary>Elements of the output.</summary>
    public int OutputLength => Rows * OutFeatures;
}
