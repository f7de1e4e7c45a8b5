using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model;

/// <summary>
/// One pre-norm self-attention block over the latent vector, cut into eight tokens: x = embed(v) + position; y = x +
/// SelfAttention(LayerNorm(x)); the output is each token of y projected back, side by side. (N, D) to (N, D).
/// </summary>
/// <remarks>There is no way around the block: beside one, attention was learned away.</remarks>
public sealed class LatentAttention : Layer
{
    /// <summary>Tokens that the latent vector is cut into.</summary>
    public const int Tokens = 8;

    private const int Width = 32;
    private readonly IBackend _backend;
    private readonly Sequence _embed;
    private readonly Linear _project;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="latent">D, a multiple of <see cref="Tokens"/>.</param>
    /// <param name="output">Where the output goes, planned for the largest batch.</param>
    public LatentAttention(LayerContext context, int latent, DeviceView<float> output)
    {
        ArgumentNullException.ThrowIfNull(context);
        int tokenSize = latent / Tokens;
        var tokens = new RowsShape(Tokens, Width);
        _backend = context.Backend;
        _embed = new Sequence(
            new Linear(context, "attention.embed", new LinearShape(Tokens, tokenSize, Width)),
            new PositionEmbedding(context, "attention.position", tokens));
        Attend = new PreNormAttention(context, tokens, Tokens);
        _project = new Linear(context, "attention.project", new LinearShape(Tokens, Width, tokenSize), output);
    }

    /// <summary>SelfAttention(LayerNorm(x)).</summary>
    public PreNormAttention Attend { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        DeviceView<float> tokens = _embed.Forward(input, batch);
        DeviceView<float> mixed = Attend.Forward(tokens, batch);
        _backend.Add(tokens, mixed, mixed);
        return _project.Forward(mixed, batch);
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        // Forward: mixed = tokens + attend(tokens). The gradient of mixed goes both ways and meets again at the tokens.
        DeviceView<float> dMixed = _project.Backward(dOutput, batch);
        DeviceView<float> dTokens = Attend.Backward(dMixed, batch);
        _backend.Add(dMixed, dTokens, dTokens);
        return _embed.Backward(dTokens, batch);
    }
}
