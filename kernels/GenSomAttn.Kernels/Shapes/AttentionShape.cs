namespace GenSomAttn.Kernels.Shapes;

/// <summary>
/// Sizes of scaled dot-product self-attention. Query, key and value lie side by side in one buffer (N, T, 3C), each with
/// its heads side by side: element (n, t, part·C + head·S + s). Probabilities (N, H, T, T), context (N, T, C).
/// </summary>
/// <param name="Batch">N, sequences.</param>
/// <param name="Tokens">T, tokens in a sequence.</param>
/// <param name="Width">C, channels of a token; a multiple of the heads.</param>
/// <param name="Heads">H.</param>
public readonly record struct AttentionShape(int Batch, int Tokens, int Width, int Heads) : IOperationSizes
{
    /// <inheritdoc/>
    public string? Problem =>
        Size.Positive(Batch) ?? Size.Positive(Tokens) ?? Size.Positive(Width) ?? Size.Positive(Heads)
        ?? (Width % Heads == 0 ? null : $"Width {Width} is not a multiple of Heads {Heads}");

    /// <summary>S = C / H, channels of one head.</summary>
    public int HeadSize => Width / Heads;

    /// <summary>FLOPs of the forward pass: two products, query · keyᵀ and probs · value, of 2·N·T·T·C each.</summary>
    public long ForwardFlops => 2 * ProductFlops;

    /// <summary>FLOPs of the backward pass: the gradients of both operands of both products.</summary>
    public long BackwardFlops => 4 * ProductFlops;

    /// <summary>Elements of query, key and value together.</summary>
    public int QueryKeyValueLength => Batch * Tokens * 3 * Width;

    /// <summary>Elements of the attention probabilities.</summary>
    public int ProbsLength => Batch * Heads * Tokens * Tokens;

    /// <summary>Elements of the context, which is the output.</summary>
    public int ContextLength => Batch * Tokens * Width;

    private long ProductFlops => 2L * Tokens * ContextLength;
}
