using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>Learned position embedding, (N, T, C) to (N, T, C); in place unless it was built with an output buffer.</summary>
/// <remarks>Forward: output[n] = input[n] + position, (T, C). Backward: dInput = dOutput; dPosition += Σ over n of dOutput[n].</remarks>
public sealed class PositionEmbedding : Layer
{
    /// <summary>Standard deviation of the initial values.</summary>
    public const float InitialDeviation = 0.02f;

    private readonly Backend<float> _backend;
    private readonly DeviceView<float> _output;

    /// <summary>Builds the layer with a parameter that starts as 0.02 N(0, 1).</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Name of the parameter.</param>
    /// <param name="shape">Tokens of one sample and their width.</param>
    /// <param name="output">Buffer of the output, sized for the largest batch; if empty, the layer works in place.</param>
    public PositionEmbedding(LayerContext context, string name, RowsShape shape, DeviceView<float> output = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _output = output;
        Position = context.Parameters.Declare(
            name, ParameterLayout.Same(shape.Rows, shape.Length), Initializer.Normal(InitialDeviation));
    }

    /// <summary>(T, C).</summary>
    public Parameter Position { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        DeviceView<float> output = _output.IsEmpty ? input : _output.First(input.Length);
        _backend.BiasForward(input, Position.Value, Samples(batch), output);
        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        _backend.BiasBackward(dOutput, Samples(batch), Position.Gradient);
        return dOutput;
    }

    /// <summary>Returns the shape in which all tokens of a sample form one row and the position embedding is its bias.</summary>
    private RowsShape Samples(int batch) => new(batch, Position.Length);
}
