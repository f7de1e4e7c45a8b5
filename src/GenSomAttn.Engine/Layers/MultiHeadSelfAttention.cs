using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>
/// Multi-head self-attention over the tokens of each sample, (N, T, C) to (N, T, C): an input projection to query, key and value,
/// scaled dot-product attention in each head, an output projection over all heads.
/// </summary>
/// <remarks>
/// Forward, with head width S = C/H: (Q, K, V) = input · in_proj, (N, T, C) to (N, T, 3C); per head, probs = softmax(Q Kᵀ / √S),
/// (T, T), and context = probs · V, (T, S); output = context · out_proj + bias, (N, T, C).
/// Backward, per head: dV = probsᵀ · dContext; dProbs = dContext · Vᵀ; dScores = probs · (dProbs - rowsum(dProbs · probs)),
/// element by element; dQ = dScores · K / √S; dK = dScoresᵀ · Q / √S; both projections as in <see cref="Linear"/>.
/// The input projection has no bias: the probabilities do not depend on a key's bias, so its gradient is zero but for rounding,
/// which Adam would scale up to full steps. Source: Vaswani et al. 2017; PyTorch nn.MultiheadAttention.
/// </remarks>
public sealed class MultiHeadSelfAttention : Layer
{
    private readonly Backend<float> _backend;
    private readonly AttentionShape _shape;
    private readonly Linear _project;
    private readonly Linear _mix;
    private readonly DeviceView<float> _probs;
    private readonly DeviceView<float> _context;
    private readonly DeviceView<float> _dQueryKeyValue;
    private DeviceView<float> _queryKeyValue;
    private int _batch;

    /// <summary>Builds the layer with parameters NAME.in_proj_weight, NAME.out_proj.weight and NAME.out_proj.bias.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="shape">Sizes; its batch is not used.</param>
    public MultiHeadSelfAttention(LayerContext context, string name, AttentionShape shape)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _shape = shape;
        int width = shape.Width;
        Parameter weight = Linear.Declare(context, $"{name}.in_proj_weight", ParameterLayout.Linear(width, 3 * width), width);
        _project = new Linear(context, weight, null, new LinearShape(shape.Tokens, width, 3 * width));
        _mix = new Linear(context, $"{name}.out_proj", new LinearShape(shape.Tokens, width, width));
        AttentionShape planned = Sizes(context.MaxBatch);
        _probs = context.Memory.Take<float>(planned.ProbsLength);
        _context = context.Memory.Take<float>(planned.ContextLength);
        _dQueryKeyValue = context.Memory.Take<float>(planned.QueryKeyValueLength);
    }

    /// <summary>Sizes of the last forward pass.</summary>
    public AttentionShape Shape => Sizes(_batch);

    /// <summary>
    /// Attention probabilities of the last forward pass, (N, H, T, T): row t holds the weights of all tokens' values in the output of
    /// query t. They stay valid until the next forward pass.
    /// </summary>
    public DeviceView<float> Probs => _probs.First(Shape.ProbsLength);

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        _batch = batch;
        AttentionShape shape = Sizes(batch);
        DeviceView<float> context = _context.First(shape.ContextLength);
        _queryKeyValue = _project.Forward(input, batch);
        _backend.AttentionForward(_queryKeyValue, shape, _probs.First(shape.ProbsLength), context);
        return _mix.Forward(context, batch);
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        AttentionShape shape = Sizes(batch);
        DeviceView<float> dQueryKeyValue = _dQueryKeyValue.First(shape.QueryKeyValueLength);
        DeviceView<float> dContext = _mix.Backward(dOutput, batch);
        _backend.AttentionBackward(dContext, _queryKeyValue, _probs.First(shape.ProbsLength), shape, dQueryKeyValue);
        return _project.Backward(dQueryKeyValue, batch);
    }

    private AttentionShape Sizes(int batch) => _shape with { Batch = batch };
}
