using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>Layer normalization of each row of each sample, with a weight and a bias for each element, (rows, C) to (rows, C).</summary>
/// <remarks>
/// Forward: x̂ = (input - mean) / √(variance + 1e-5) over the C elements of a row; output = x̂ · weight + bias. Backward, with
/// g = dOutput · weight: dInput = (g - mean(g) - x̂ · mean(g · x̂)) / √(variance + 1e-5); dWeight += Σ over rows of dOutput · x̂;
/// dBias += Σ over rows of dOutput.
/// </remarks>
public sealed class LayerNorm : Layer
{
    private const float Epsilon = 1e-5f;
    private readonly Backend<float> _backend;
    private readonly RowsShape _shape;
    private readonly DeviceView<float> _output;
    private readonly DeviceView<float> _savedMean;
    private readonly DeviceView<float> _savedInvStd;
    private readonly DeviceView<float> _dInput;
    private DeviceView<float> _input;

    /// <summary>Builds the layer with parameters NAME.weight, all 1, and NAME.bias, all 0, as PyTorch's nn.LayerNorm.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="shape">Rows of one sample and their length.</param>
    public LayerNorm(LayerContext context, string name, RowsShape shape)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _shape = shape;
        Weight = context.Parameters.Declare($"{name}.weight", ParameterLayout.Same(shape.Length), Initializer.Constant(1));
        Bias = context.Parameters.Declare($"{name}.bias", ParameterLayout.Same(shape.Length), Initializer.Constant(0));
        RowsShape planned = Sizes(context.MaxBatch);
        _output = context.Memory.Take<float>(planned.TotalLength);
        _savedMean = context.Memory.Take<float>(planned.Rows);
        _savedInvStd = context.Memory.Take<float>(planned.Rows);
        _dInput = context.Memory.Take<float>(planned.TotalLength);
    }

    /// <summary>(length).</summary>
    public Parameter Weight { get; }

    /// <summary>(length).</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        RowsShape shape = Sizes(batch);
        DeviceView<float> output = _output.First(shape.TotalLength);
        _backend.LayerNormForward(
            input, Weight.Value, Bias.Value, shape, Epsilon, output, _savedMean.First(shape.Rows), _savedInvStd.First(shape.Rows));
        _input = input;
        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        RowsShape shape = Sizes(batch);
        DeviceView<float> dInput = _dInput.First(shape.TotalLength);
        _backend.LayerNormBackward(
            dOutput, _input, Weight.Value, _savedMean.First(shape.Rows), _savedInvStd.First(shape.Rows), shape,
            dInput, Weight.Gradient, Bias.Gradient);
        return dInput;
    }

    private RowsShape Sizes(int batch) => _shape with { Rows = batch * _shape.Rows };
}
