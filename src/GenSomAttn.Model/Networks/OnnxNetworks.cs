using System.Globalization;
using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// The networks of a trained model as ONNX files with a free batch axis: encoder (image to code), decoder (code to image) and, with a map,
/// locate (image to unit and distance). docs/FORMATS.md documents names, shapes and metadata.
/// </summary>
public sealed class OnnxNetworks
{
    private const string Image = "image", Code = "code";

    private readonly Checkpoint _checkpoint;
    private readonly TrainingSettings _settings;
    private readonly ConvNetworks _sizes;
    private readonly Dictionary<string, NamedTensor> _tensors;

    private OnnxNetworks(Checkpoint checkpoint)
    {
        _checkpoint = checkpoint;
        _settings = checkpoint.Settings;
        _sizes = new ConvNetworks(checkpoint.Shape, _settings.Stages ?? TrainingSettings.MinStages, batchSize: 1);
        _tensors = checkpoint.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    private AttentionKind Attention => _settings.Model == ModelKind.SomAttn ? _settings.Attention : AttentionKind.None;

    /// <summary>Returns whether a model has networks to write: a classifier has neither code nor decoder.</summary>
    public static bool Has(ModelKind model) => model != ModelKind.Classifier;

    /// <summary>Writes the networks of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint of a model that <see cref="Has"/> networks.</param>
    /// <param name="version">Version of the program, for the files.</param>
    /// <returns>Names and contents of the files.</returns>
    /// <exception cref="TensorFileException">A tensor is missing, or of another shape than the settings say.</exception>
    public static IReadOnlyList<(string Name, byte[] Content)> Write(Checkpoint checkpoint, string version)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var networks = new OnnxNetworks(checkpoint);
        List<OnnxNetwork> all = [networks.Encoder(), networks.Decoder()];
        if (ModelTraits.Of(checkpoint.Settings.Model).HasMap)
        {
            all.Add(networks.Locate());
        }

        Dictionary<string, string> metadata = networks.Metadata();
        return [.. all.Select(network => ($"{network.Name}.onnx", network.Graph.ToBytes("GenSomAttn.Native", version, metadata)))];
    }

    private OnnxNetwork Encoder()
    {
        var graph = new OnnxGraph("encoder", "image: pixels in [0, 1]; code: the latent vector v");
        graph.AddNode("Identity", Code, [Encode(graph)]);
        graph.AddOutput(Code, OnnxType.Numbers, null, _settings.Latent);
        return new("encoder", graph);
    }

    private OnnxNetwork Decoder()
    {
        var graph = new OnnxGraph("decoder", "code: a latent vector; image: its decoded image D(code), pixels in (0, 1)");
        var layers = new OnnxLayers(graph, _tensors);
        int features = _sizes.Positions.TotalLength;
        string input = graph.AddInput(Code, OnnxType.Numbers, null, _settings.Latent);
        string x = layers.Linear("decoder.linear", input, _settings.Latent, features);
        x = layers.Reshape("decoder.unflatten", x, _sizes.Positions.Length, _sizes.InnerSide, _sizes.InnerSide);
        for (int stage = _sizes.Stages; stage > 0; stage--)
        {
            x = layers.ConvTranspose2d(
                $"decoder.conv_transpose{_sizes.Stages - stage + 1}", layers.Activate("Relu", x), _sizes.ChannelsAfter(stage),
                _sizes.ChannelsAfter(stage - 1));
        }

        graph.AddNode("Sigmoid", Image, [x]);
        graph.AddOutput(Image, OnnxType.Numbers, ImageAxes());
        return new("decoder", graph);
    }

    private OnnxNetwork Locate()
    {
        const string Unit = "unit", Distance = "distance";
        var graph = new OnnxGraph(
            "locate", "image: pixels in [0, 1]; unit: the BMU, row * map_width + column; distance: |v - w| to its codebook vector");
        var layers = new OnnxLayers(graph, _tensors);
        (int height, int width, int latent) = (_settings.MapHeight, _settings.MapWidth, _settings.Latent);
        string codes = layers.Reshape("som.codes", Encode(graph), 1, latent);
        string codebook = graph.AddNode("Reshape", "som.units", [
            layers.Parameter("som.codebook", height, width, latent), graph.AddConstant("som.units.shape", 1, height * width, latent)]);

        // Of differences: the expansion |v|² - 2 v w + |w|² loses digits where the distance is small, and with them the unit.
        string differences = graph.AddNode("Sub", "som.differences", [codes, codebook]);
        OnnxSetting drop = new("keepdims", 0L);
        string squares = graph.AddNode("ReduceSumSquare", "som.squares", [differences], new("axes", (long[])[2]), drop);
        graph.AddNode("ArgMin", Unit, [squares], new("axis", 1L), drop);
        graph.AddNode("Sqrt", Distance, [graph.AddNode("ReduceMin", "som.nearest", [squares], new("axes", (long[])[1]), drop)]);
        graph.AddOutput(Unit, OnnxType.WholeNumbers, [null]);
        graph.AddOutput(Distance, OnnxType.Numbers, [null]);
        return new("locate", graph);
    }

    /// <summary>Adds the input and the encoder; returns the name of the codes.</summary>
    private string Encode(OnnxGraph graph)
    {
        var layers = new OnnxLayers(graph, _tensors);
        string x = graph.AddInput(Image, OnnxType.Numbers, ImageAxes());
        for (int stage = 1; stage <= _sizes.Stages; stage++)
        {
            x = layers.Conv2d($"encoder.conv{stage}", x, _sizes.ChannelsAfter(stage - 1), _sizes.ChannelsAfter(stage));
        }

        RowsShape positions = _sizes.Positions;
        if (Attention == AttentionKind.Pool)
        {
            return Pool(graph, layers, layers.Tokens(x, positions), positions);
        }

        x = Attention == AttentionKind.Spatial ? Spatial(layers, layers.Tokens(x, positions), positions) : x;
        x = layers.Reshape("encoder.flatten", x, positions.TotalLength);
        string head = _settings.Model == ModelKind.Vae ? "encoder.mean" : "encoder.linear";
        x = layers.Linear(head, x, positions.TotalLength, _settings.Latent);
        return Attention == AttentionKind.Latent ? Latent(layers, x) : x;
    }

    /// <summary>Adds <see cref="LatentAttention"/>, (N, D) to (N, D).</summary>
    private string Latent(OnnxLayers layers, string v)
    {
        const int Tokens = TrainingSettings.LatentTokens, Width = LatentAttention.Width;
        int size = _settings.Latent / Tokens;
        string embedded = layers.LinearOfTokens("attention.embed", layers.Reshape("attention.tokens", v, Tokens, size), size, Width);
        string x = layers.Add("attention.placed", embedded, layers.Parameter("attention.position", Tokens, Width));
        string y = layers.Add("attention.mixed", x, layers.PreNormAttention(x, new RowsShape(Tokens, Width)));
        return layers.Reshape("attention.joined", layers.LinearOfTokens("attention.project", y, Width, size), _settings.Latent);
    }

    /// <summary>Adds <see cref="SpatialAttention"/>, tokens (N, P, C) to a feature map (N, C, P).</summary>
    private static string Spatial(OnnxLayers layers, string x, RowsShape positions)
    {
        string z = layers.Add("attention.placed", x, layers.Parameter("attention.position", positions.Rows, positions.Length));
        string y = layers.Add("attention.mixed", x, layers.PreNormAttention(z, positions));
        return layers.Transpose("attention.map", y, 0, 2, 1);
    }

    /// <summary>Adds <see cref="PoolAttention"/>, tokens (N, P, C) to (N, D).</summary>
    private string Pool(OnnxGraph graph, OnnxLayers layers, string x, RowsShape positions)
    {
        const int Queries = TrainingSettings.PoolQueries;
        (int count, int width) = (positions.Rows, positions.Length);
        string placed = layers.Add("attention.placed", x, layers.Parameter("attention.position", count, width));
        string queries = layers.Parameter("attention.queries", Queries, width);
        string batch = graph.AddNode("Shape", "attention.batch", [x], new("start", 0L), new("end", 1L));
        string shape = graph.AddNode(
            "Concat", "attention.queries.shape", [batch, graph.AddConstant("attention.queries.size", Queries, width)],
            new OnnxSetting("axis", 0L));
        string expanded = graph.AddNode("Expand", "attention.queries.expanded", [queries, shape]);
        string z = graph.AddNode("Concat", "attention.sequence", [expanded, placed], new OnnxSetting("axis", 1L));
        string attended = layers.PreNormAttention(z, new RowsShape(Queries + count, width));
        string first = graph.AddNode("Slice", "attention.pooled", [
            attended, graph.AddConstant("attention.first", 0), graph.AddConstant("attention.end", Queries),
            graph.AddConstant("attention.axis", 1)]);
        string y = layers.Add("attention.mixed", first, queries);
        string projected = layers.LinearOfTokens("attention.project", y, width, _settings.Latent / Queries);
        return layers.Reshape("attention.joined", projected, _settings.Latent);
    }

    private int?[] ImageAxes() => [null, _checkpoint.Shape.Channels, _checkpoint.Shape.Side, _checkpoint.Shape.Side];

    private Dictionary<string, string> Metadata()
    {
        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        Dictionary<string, string> metadata = new()
        {
            ["model"] = _settings.Model.ToString().ToLowerInvariant(),
            ["side"] = Text(_checkpoint.Shape.Side),
            ["channels"] = Text(_checkpoint.Shape.Channels),
            ["latent"] = Text(_settings.Latent),
            ["epoch"] = Text(_checkpoint.Epoch),
            ["step"] = Text(_checkpoint.Step),
            ["dataset_sha256"] = _checkpoint.DatasetSha256,
        };
        if (ModelTraits.Of(_settings.Model).HasMap)
        {
            MapOptions map = _settings.MapOptions ?? new MapOptions();
            metadata["map_height"] = Text(_settings.MapHeight);
            metadata["map_width"] = Text(_settings.MapWidth);
            metadata["lattice"] = map.Lattice.ToString().ToLowerInvariant();
            metadata["torus"] = map.Torus ? "true" : "false";
        }

        return metadata;
    }

    private readonly record struct OnnxNetwork(string Name, OnnxGraph Graph);
}
