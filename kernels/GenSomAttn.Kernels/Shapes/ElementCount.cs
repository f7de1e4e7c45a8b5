namespace GenSomAttn.Kernels.Shapes;

/// <summary>The size of an elementwise operation: the length that all its operands have.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Of">The operand that determines the length, for messages.</param>
public readonly record struct ElementCount(int Count, string Of) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem => null;

    /// <inheritdoc/>
    public override string ToString() => $"the length of {Of}";
}
