using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>Linear layer on each row of each sample, (rows, in) to (rows, out).</summary>
/// <remarks>
/// Forward: output = input · weight + bias, with weight (in, out) and bias (out). Backward: dInput = dOutput · weightᵀ;
/// dWeight += inputᵀ · dOutput; dBias += Σ over rows of dOutput.
/// </remarks>
public sealed class Linear : Layer
{
    private readonly Backend<float> _backend;
    private readonly LinearShape _shape;
    private readonly DeviceView<float> _output;
    private readonly DeviceView<float> _dInput;
    private DeviceView<float> _input;

    /// <summary>Builds the layer with parameters NAME.weight and NAME.bias that start as PyTorch's nn.Linear.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="shape">Sizes for one sample: its rows, input and output features.</param>
    /// <param name="output">Buffer of the output, sized for the largest batch; if empty, the layer allocates one.</param>
    /// <param name="dInput">Buffer of the gradient w.r.t. the input, in the same way.</param>
    public Linear(
        LayerContext context, string name, LinearShape shape, DeviceView<float> output = default, DeviceView<float> dInput = default)
        : this(
            context,
            Declare(context, $"{name}.weight", ParameterLayout.Linear(shape.InFeatures, shape.OutFeatures), shape.InFeatures),
            Declare(context, $"{name}.bias", ParameterLayout.Same(shape.OutFeatures), shape.InFeatures),
            shape,
            output,
            dInput)
    {
    }

    /// <summary>Builds the layer with parameters that the caller declared: other names, other layouts in PyTorch, or no bias.</summary>
    public Linear(
        LayerContext context, Parameter weight, Parameter? bias, LinearShape shape,
        DeviceView<float> output = default, DeviceView<float> dInput = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _shape = shape;
        Weight = weight;
        Bias = bias;
        LinearShape planned = Sizes(context.MaxBatch);
        _output = output.IsEmpty ? context.Memory.Take<float>(planned.OutputLength) : output;
        _dInput = dInput.IsEmpty ? context.Memory.Take<float>(planned.InputLength) : dInput;
    }

    /// <summary>(in, out).</summary>
    public Parameter Weight { get; }

    /// <summary>(out); null for a layer without bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>Declares a parameter that starts uniform in ±1/√fanIn.</summary>
    public static Parameter Declare(LayerContext context, string name, ParameterLayout layout, int fanIn)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Parameters.Declare(name, layout, Initializer.FanIn(fanIn));
    }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        LinearShape shape = Sizes(batch);
        DeviceView<float> output = _output.First(shape.OutputLength);
        _backend.LinearForward(input, Weight.Value, Bias?.Value ?? default, shape, output);
        _input = input;
        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        LinearShape shape = Sizes(batch);
        DeviceView<float> dInput = _dInput.First(shape.InputLength);
        _backend.LinearBackwardWeight(dOutput, _input, shape, Weight.Gradient);
        if (Bias is not null)
        {
            _backend.BiasBackward(dOutput, new RowsShape(shape.Rows, shape.OutFeatures), Bias.Gradient);
        }

        _backend.LinearBackwardInput(dOutput, Weight.Value, shape, dInput);
        return dInput;
    }

    private LinearShape Sizes(int batch) => _shape with { Rows = batch * _shape.Rows };
}
