using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Pre-norm attention shared by all attention layers: SelfAttention(LayerNorm(x)) over the tokens x of each sample, with 4 heads,
/// (N, T, C) to (N, T, C). Its parameters' names start with "attention.".
/// </summary>
public sealed class PreNormAttention : Layer
{
    /// <summary>H, the number of heads.</summary>
    internal const int Heads = 4;

    private readonly LayerNorm _norm;
    private readonly MultiHeadSelfAttention _attention;
    private readonly int _queries;

    /// <summary>Builds the block.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="tokens">T and C, a multiple of the heads.</param>
    /// <param name="queries">Number of leading tokens whose outputs the model uses.</param>
    public PreNormAttention(LayerContext context, RowsShape tokens, int queries)
    {
        _norm = new LayerNorm(context, "attention.norm", tokens);
        _attention = new MultiHeadSelfAttention(context, "attention", new AttentionShape(0, tokens.Rows, tokens.Length, Heads));
        _queries = queries;
    }

    /// <summary>Attention probabilities of the last forward pass.</summary>
    public AttentionProbs Probs => new(_attention.Probs, _attention.Shape, _queries);

    /// <summary>Computes the elements of the attention probabilities of a batch, in 64 bits without overflow.</summary>
    public static long ProbsLength(int batch, int tokens) => (long)batch * Heads * tokens * tokens;

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
        => _attention.Forward(_norm.Forward(input, batch), batch);

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
        => _norm.Backward(_attention.Backward(dOutput, batch), batch);
}
