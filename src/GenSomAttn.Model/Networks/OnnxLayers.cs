using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// The layers of the networks as ONNX operators. Parameters have the names and PyTorch's layouts of the checkpoint, activations are
/// (N, C, H, W) as there, and a 0 in the shape of a Reshape keeps N.
/// </summary>
/// <param name="graph">The graph to add them to.</param>
/// <param name="tensors">Tensors of the checkpoint by name.</param>
internal sealed class OnnxLayers(OnnxGraph graph, IReadOnlyDictionary<string, NamedTensor> tensors)
{
    private const long Keep = 0;
    private const float NormEpsilon = 1e-5f;

    /// <summary>Adds a tensor of the checkpoint as a constant.</summary>
    /// <exception cref="TensorFileException">It is missing, or of another shape.</exception>
    public string Parameter(string name, params ReadOnlySpan<int> shape)
    {
        if (!tensors.TryGetValue(name, out NamedTensor? tensor) || !shape.SequenceEqual([.. tensor.Shape]))
        {
            string found = tensor is null ? "is missing" : $"has shape ({string.Join(", ", tensor.Shape)})";
            throw new TensorFileException($"Tensor {name} {found}, expected shape ({string.Join(", ", shape.ToArray())}).");
        }

        return graph.AddConstant(tensor);
    }

    /// <summary>Adds a convolution k3 s2 p1 and a ReLU, (N, inputs, 2H, 2W) to (N, outputs, H, W).</summary>
    public string Conv2d(string name, string input, int inputs, int outputs) => Activate("Relu", graph.AddNode(
        "Conv", name,
        [input, Parameter($"{name}.weight", outputs, inputs, 3, 3), Parameter($"{name}.bias", outputs)],
        new("kernel_shape", (long[])[3, 3]), new("strides", (long[])[2, 2]), new("pads", (long[])[1, 1, 1, 1])));

    /// <summary>Adds a transposed convolution k4 s2 p1, (N, inputs, H, W) to (N, outputs, 2H, 2W).</summary>
    public string ConvTranspose2d(string name, string input, int inputs, int outputs) => graph.AddNode(
        "ConvTranspose", name,
        [input, Parameter($"{name}.weight", inputs, outputs, 4, 4), Parameter($"{name}.bias", outputs)],
        new("kernel_shape", (long[])[4, 4]), new("strides", (long[])[2, 2]), new("pads", (long[])[1, 1, 1, 1]));

    /// <summary>Adds an activation.</summary>
    public string Activate(string operation, string input) =>
        graph.AddNode(operation, $"{input}.{operation.ToLowerInvariant()}", [input]);

    /// <summary>Adds a linear layer on rows, (N, inputs) to (N, outputs).</summary>
    public string Linear(string name, string input, int inputs, int outputs) => graph.AddNode(
        "Gemm", name, [input, Parameter($"{name}.weight", outputs, inputs), Parameter($"{name}.bias", outputs)],
        new OnnxSetting("transB", 1L));

    /// <summary>Adds a linear layer on the tokens of each sample, (N, T, inputs) to (N, T, outputs).</summary>
    public string LinearOfTokens(string name, string input, int inputs, int outputs) =>
        Add(name, Product(name, $"{name}.weight", input, inputs, outputs), Parameter($"{name}.bias", outputs));

    /// <summary>Adds a sum.</summary>
    public string Add(string name, string left, string right) => graph.AddNode("Add", name, [left, right]);

    /// <summary>Changes the axes after the first, which stays.</summary>
    public string Reshape(string name, string input, params long[] shape) =>
        graph.AddNode("Reshape", name, [input, graph.AddConstant($"{name}.shape", [Keep, .. shape])]);

    /// <summary>Permutes the axes.</summary>
    public string Transpose(string name, string input, params long[] axes) =>
        graph.AddNode("Transpose", name, [input], new OnnxSetting("perm", axes));

    /// <summary>Makes each position of a feature map a token, (N, C, H, W) to (N, P, C).</summary>
    public string Tokens(string input, RowsShape positions) =>
        Transpose("attention.input", Reshape("attention.positions", input, positions.Length, positions.Rows), 0, 2, 1);

    /// <summary>
    /// Adds <see cref="PreNormAttention"/>, SelfAttention(LayerNorm(x)) with 4 heads over the tokens of each sample, (N, T, C) to
    /// (N, T, C).
    /// </summary>
    public string PreNormAttention(string input, RowsShape tokens)
    {
        const int Heads = Networks.PreNormAttention.Heads;
        (int count, int width) = (tokens.Rows, tokens.Length);
        long headWidth = width / Heads;
        string norm = graph.AddNode(
            "LayerNormalization", "attention.norm",
            [input, Parameter("attention.norm.weight", width), Parameter("attention.norm.bias", width)],
            new("axis", -1L), new("epsilon", NormEpsilon));
        string projected = Product("attention.in_proj", "attention.in_proj_weight", norm, width, 3 * width);
        string[] parts = ["attention.query", "attention.key", "attention.value"];
        graph.AddNode(
            "Split", parts, [projected, graph.AddConstant("attention.widths", width, width, width)], new OnnxSetting("axis", 2L));

        // (N, H, T, S); of the keys (N, H, S, T).
        string Heads4(string part, params long[] axes) =>
            Transpose($"{part}.heads", Reshape($"{part}.split", part, count, Heads, headWidth), axes);
        string scale = graph.AddConstant(new NamedTensor("attention.scale", [], [1 / MathF.Sqrt(headWidth)]));
        string scores = graph.AddNode(
            "Mul", "attention.scores",
            [graph.AddNode("MatMul", "attention.products", [Heads4(parts[0], 0, 2, 1, 3), Heads4(parts[1], 0, 2, 3, 1)]), scale]);
        string probs = graph.AddNode("Softmax", "attention.probs", [scores], new OnnxSetting("axis", -1L));
        string context = graph.AddNode("MatMul", "attention.context", [probs, Heads4(parts[2], 0, 2, 1, 3)]);
        string merged = Reshape("attention.merged", Transpose("attention.context.tokens", context, 0, 2, 1, 3), count, width);
        return LinearOfTokens("attention.out_proj", merged, width, width);
    }

    private string Product(string name, string weight, string input, int inputs, int outputs) => graph.AddNode(
        "MatMul", $"{name}.product", [input, Transpose($"{weight}.transposed", Parameter(weight, outputs, inputs), 1, 0)]);
}
