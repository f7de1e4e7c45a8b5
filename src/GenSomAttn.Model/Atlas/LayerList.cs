using System.Text.Json.Serialization;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Atlas;

/// <summary>A layer of a network as the page computes it: the kind, its sizes, and the names of its tensors.</summary>
/// <param name="Kind">
/// conv and transposed (stride 2, padding 1), linear, relu, sigmoid, position (adds a tensor), attend (SelfAttention(LayerNorm(x))),
/// residual (x + body(x)), or pool (queries + the first rows of body(queries followed by x)).
/// </param>
internal sealed record AtlasLayer(string Kind)
{
    /// <summary>Prefix of the tensors' names: NAME.weight and NAME.bias; of position and pool the whole name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Rows and columns of the input image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Side { get; init; }

    /// <summary>Rows, or tokens, of one sample.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Rows { get; init; }

    /// <summary>Channels or features of the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Inputs { get; init; }

    /// <summary>Channels or features of the output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Outputs { get; init; }

    /// <summary>Heads of an attention layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Heads { get; init; }

    /// <summary>Layers within a residual or pool layer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AtlasLayer>? Body { get; init; }
}

/// <summary>The layers of encoder and decoder in order, for the page's script, which implements each kind once.</summary>
internal static class LayerList
{
    private const string Relu = "relu", Linear = "linear";

    /// <summary>Lists the layers of the encoder, (S, S, C) to (D), as <see cref="SomAttnModel"/> builds them.</summary>
    public static IReadOnlyList<AtlasLayer> Encoder(SomAttnModel model)
    {
        ConvNetworks networks = model.Networks;
        List<AtlasLayer> layers = [];
        for (int stage = 1; stage <= networks.Stages; stage++)
        {
            layers.Add(new AtlasLayer("conv")
            {
                Name = $"encoder.conv{stage}",
                Side = networks.SideAfter(stage - 1),
                Inputs = networks.ChannelsAfter(stage - 1),
                Outputs = networks.ChannelsAfter(stage),
            });
            layers.Add(new AtlasLayer(Relu));
        }

        (int positions, int width) = (networks.Positions.Rows, networks.Positions.Length);
        int latent = model.Settings.Latent;
        var head = new AtlasLayer(Linear) { Name = "encoder.linear", Rows = 1, Inputs = positions * width, Outputs = latent };
        const int Parts = TrainingSettings.LatentTokens, Queries = TrainingSettings.PoolQueries;
        layers.AddRange(model.Settings.Attention switch
        {
            AttentionKind.Latent =>
            [
                head,
                new AtlasLayer(Linear)
                {
                    Name = "attention.embed", Rows = Parts, Inputs = latent / Parts, Outputs = LatentAttention.Width,
                },
                Position(),
                new AtlasLayer("residual") { Body = [Attend(Parts, LatentAttention.Width)] },
                Project(Parts, LatentAttention.Width, latent),
            ],
            AttentionKind.Spatial => [new AtlasLayer("residual") { Body = [Position(), Attend(positions, width)] }, head],
            AttentionKind.Pool =>
            [
                Position(),
                new AtlasLayer("pool") { Name = "attention.queries", Body = [Attend(Queries + positions, width)] },
                Project(Queries, width, latent),
            ],
            _ => (IReadOnlyList<AtlasLayer>)[head],
        });
        return layers;
    }

    /// <summary>Lists the layers of the decoder, (D) to (S, S, C).</summary>
    public static IReadOnlyList<AtlasLayer> Decoder(SomAttnModel model)
    {
        ConvNetworks networks = model.Networks;
        List<AtlasLayer> layers =
        [
            new(Linear)
            {
                Name = "decoder.linear", Rows = 1, Inputs = model.Settings.Latent, Outputs = networks.Positions.TotalLength,
            },
        ];
        for (int stage = networks.Stages; stage > 0; stage--)
        {
            layers.Add(new AtlasLayer(Relu));
            layers.Add(new AtlasLayer("transposed")
            {
                Name = $"decoder.conv_transpose{networks.Stages - stage + 1}",
                Side = networks.SideAfter(stage),
                Inputs = networks.ChannelsAfter(stage),
                Outputs = networks.ChannelsAfter(stage - 1),
            });
        }

        return [.. layers, new AtlasLayer("sigmoid")];
    }

    private static AtlasLayer Position() => new("position") { Name = "attention.position" };

    private static AtlasLayer Attend(int tokens, int width) =>
        new("attend") { Name = "attention", Rows = tokens, Inputs = width, Heads = PreNormAttention.Heads };

    private static AtlasLayer Project(int tokens, int width, int latent) =>
        new(Linear) { Name = "attention.project", Rows = tokens, Inputs = width, Outputs = latent / tokens };
}
