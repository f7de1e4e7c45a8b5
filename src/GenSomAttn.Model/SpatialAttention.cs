using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model;

/// <summary>
/// One pre-norm self-attention block over the positions of a feature map, each a token: y = x + SelfAttention(LayerNorm(x + position)).
/// (N, positions, C) to the same.
/// </summary>
public sealed class SpatialAttention : Layer
{
    private readonly IBackend _backend;
    private readonly PositionEmbedding _position;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="positions">Positions of one image and their channels C.</param>
    public SpatialAttention(LayerContext context, RowsShape positions)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;

        // Not in place: the input is used once more, and the ReLU before it remembers it.
        DeviceView<float> tokens = context.Memory.Take<float>(context.MaxBatch * positions.TotalLength);
        _position = new PositionEmbedding(context, "attention.position", positions, tokens);
        Attend = new PreNormAttention(context, positions, positions.Rows);
    }

    /// <summary>SelfAttention(LayerNorm(x)).</summary>
    public PreNormAttention Attend { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        DeviceView<float> mixed = Attend.Forward(_position.Forward(input, batch), batch);
        _backend.Add(input, mixed, mixed);
        return mixed;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        // Forward: mixed = input + attend(input + position). The gradient of mixed goes both ways and meets again at the input.
        DeviceView<float> dInput = _position.Backward(Attend.Backward(dOutput, batch), batch);
        _backend.Add(dOutput, dInput, dInput);
        return dInput;
    }
}
