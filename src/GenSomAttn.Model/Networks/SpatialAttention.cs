using GenSomAttn.Backends;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// One pre-norm self-attention block over the P positions of a feature map, each a token, (N, P, C) to (N, P, C).
/// </summary>
/// <remarks>
/// Forward: z = x + position; y = x + SelfAttention(LayerNorm(z)). Backward: dz = gradient of SelfAttention(LayerNorm(z)) for dy;
/// dx = dy + dz; dPosition += Σ over n of dz.
/// </remarks>
public sealed class SpatialAttention : Layer
{
    private readonly Backend<float> _backend;
    private readonly PositionEmbedding _position;

    /// <summary>Builds the block; its parameters' names start with "attention.".</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="positions">Positions of one image and their channels C.</param>
    public SpatialAttention(LayerContext context, RowsShape positions)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;

        // Not in place: the skip connection reads the input again, and the ReLU before needs it in its backward pass.
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
        // Forward: mixed = input + attend(input + position). Backward: dInput = dMixed + attend's gradient of dMixed.
        DeviceView<float> dInput = _position.Backward(Attend.Backward(dOutput, batch), batch);
        _backend.Add(dOutput, dInput, dInput);
        return dInput;
    }
}
