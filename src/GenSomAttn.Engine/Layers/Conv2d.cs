using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>Two-dimensional convolution with bias, (N, IH, IW, IC) to (N, OH, OW, OC).</summary>
/// <remarks>
/// With ih = oh·stride + kh - padding and iw = ow·stride + kw - padding, terms outside the input left out:
/// forward, output[n,oh,ow,oc] = bias[oc] + Σ over kh,kw,ic of input[n,ih,iw,ic] · weight[kh,kw,ic,oc];
/// backward, dInput[n,ih,iw,ic] = Σ over oh,kh,ow,kw with these ih,iw and over oc of dOutput[n,oh,ow,oc] · weight[kh,kw,ic,oc],
/// dWeight[kh,kw,ic,oc] += Σ over n,oh,ow of input[n,ih,iw,ic] · dOutput[n,oh,ow,oc], dBias[oc] += Σ over n,oh,ow of dOutput.
/// </remarks>
public sealed class Conv2d : Layer
{
    private readonly Backend<float> _backend;
    private readonly Conv2dShape _shape;
    private readonly DeviceView<float> _output;
    private readonly DeviceView<float> _dInput;
    private DeviceView<float> _input;

    /// <summary>Builds the layer with parameters NAME.weight and NAME.bias that start as PyTorch's nn.Conv2d.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="shape">Sizes; its batch is not used.</param>
    /// <param name="needsInputGradient">False for the first layer of a network: the gradient w.r.t. the data is not needed.</param>
    public Conv2d(LayerContext context, string name, Conv2dShape shape, bool needsInputGradient = true)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _shape = shape;
        Initializer initializer = Initializer.FanIn(shape.InChannels * shape.KernelHeight * shape.KernelWidth);
        Weight = context.Parameters.Declare($"{name}.weight", ParameterLayout.Conv2d(shape), initializer);
        Bias = context.Parameters.Declare($"{name}.bias", ParameterLayout.Same(shape.OutChannels), initializer);
        Conv2dShape planned = Sizes(context.MaxBatch);
        _output = context.Memory.Take<float>(planned.OutputLength);
        _dInput = needsInputGradient ? context.Memory.Take<float>(planned.InputLength) : default;
    }

    /// <summary>(KH, KW, IC, OC).</summary>
    public Parameter Weight { get; }

    /// <summary>(OC).</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        Conv2dShape shape = Sizes(batch);
        DeviceView<float> output = _output.First(shape.OutputLength);
        _backend.Conv2dForward(input, Weight.Value, Bias.Value, shape, output);
        _input = input;
        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        Conv2dShape shape = Sizes(batch);
        _backend.Conv2dBackwardWeight(dOutput, _input, shape, Weight.Gradient);
        _backend.BiasBackward(dOutput, new RowsShape(shape.OutPixels, shape.OutChannels), Bias.Gradient);
        if (_dInput.IsEmpty)
        {
            return default;
        }

        DeviceView<float> dInput = _dInput.First(shape.InputLength);
        _backend.Conv2dBackwardInput(dOutput, Weight.Value, shape, dInput);
        return dInput;
    }

    private Conv2dShape Sizes(int batch) => _shape with { Batch = batch };
}
