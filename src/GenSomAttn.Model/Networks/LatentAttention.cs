using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// One pre-norm self-attention block over the latent vector, split into eight tokens, (N, D) to (N, D).
/// </summary>
/// <remarks>
/// Forward, with T = 8 tokens of width C = 32: x = embed(v) + position, (N, T, D/T) to (N, T, C); y = x + SelfAttention(LayerNorm(x)),
/// (N, T, C); output = project(y), (N, T, C) to (N, T, D/T), concatenated to (N, D). Backward: dy = gradient of project for dOutput;
/// dx = dy + gradient of SelfAttention(LayerNorm(x)) for dy; dv = gradient of embed for dx.
/// There is no skip connection around the block: with one, the training learned to ignore the attention.
/// </remarks>
public sealed class LatentAttention : Layer
{
    /// <summary>C, the width of a token within the block.</summary>
    internal const int Width = 32;

    private const int Tokens = TrainingSettings.LatentTokens;
    private readonly Backend<float> _backend;
    private readonly Sequence _embed;
    private readonly Linear _project;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="latent">D, a multiple of <see cref="Tokens"/>.</param>
    /// <param name="output">Buffer of the output, sized for the largest batch.</param>
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
        // Forward: mixed = tokens + attend(tokens). Backward: dTokens = dMixed + attend's gradient of dMixed.
        DeviceView<float> dMixed = _project.Backward(dOutput, batch);
        DeviceView<float> dTokens = Attend.Backward(dMixed, batch);
        _backend.Add(dMixed, dTokens, dTokens);
        return _embed.Backward(dTokens, batch);
    }
}
