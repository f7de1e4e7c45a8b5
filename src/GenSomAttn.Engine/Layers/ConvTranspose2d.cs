using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine.Layers;

/// <summary>Two-dimensional transposed convolution with bias, (N, IH, IW, IC) to (N, OH, OW, OC).</summary>
/// <remarks>
/// With oh = ih·stride + kh - padding and ow = iw·stride + kw - padding, terms outside the output left out:
/// forward, output[n,oh,ow,oc] = bias[oc] + Σ over ih,kh,iw,kw with these oh,ow and over ic of input[n,ih,iw,ic] ·
/// weight[ic,kh,kw,oc]; backward, dInput[n,ih,iw,ic] = Σ over kh,kw,oc of dOutput[n,oh,ow,oc] · weight[ic,kh,kw,oc],
/// dWeight[ic,kh,kw,oc] += Σ over n,ih,iw of input[n,ih,iw,ic] · dOutput[n,oh,ow,oc], dBias[oc] += Σ over n,oh,ow of dOutput.
/// </remarks>
public sealed class ConvTranspose2d : Layer
{
    private readonly Backend<float> _backend;
    private readonly ConvTranspose2dShape _shape;
    private readonly DeviceView<float> _output;
    private readonly DeviceView<float> _dInput;
    private DeviceView<float> _input;

    /// <summary>Builds the layer with parameters NAME.weight and NAME.bias that start as PyTorch's nn.ConvTranspose2d.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="shape">Sizes; its batch is not used.</param>
    public ConvTranspose2d(LayerContext context, string name, ConvTranspose2dShape shape)
    {
        ArgumentNullException.ThrowIfNull(context);
        _backend = context.Backend;
        _shape = shape;

        // PyTorch computes the fan-in from the second axis of the weight, which is OC in a transposed convolution.
        Initializer initializer = Initializer.FanIn(shape.OutChannels * shape.KernelHeight * shape.KernelWidth);
        Weight = context.Parameters.Declare($"{name}.weight", ParameterLayout.ConvTranspose2d(shape), initializer);
        Bias = context.Parameters.Declare($"{name}.bias", ParameterLayout.Same(shape.OutChannels), initializer);
        ConvTranspose2dShape planned = Sizes(context.MaxBatch);
        _output = context.Memory.Take<float>(planned.OutputLength);
        _dInput = context.Memory.Take<float>(planned.InputLength);
    }

    /// <summary>(IC, KH, KW, OC).</summary>
    public Parameter Weight { get; }

    /// <summary>(OC).</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        ConvTranspose2dShape shape = Sizes(batch);
        DeviceView<float> output = _output.First(shape.OutputLength);
        _backend.ConvTranspose2dForward(input, Weight.Value, Bias.Value, shape, output);
        _input = input;
        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        ConvTranspose2dShape shape = Sizes(batch);
        DeviceView<float> dInput = _dInput.First(shape.InputLength);
        _backend.ConvTranspose2dBackwardWeight(dOutput, _input, shape, Weight.Gradient);
        _backend.BiasBackward(dOutput, new RowsShape(shape.OutPixels, shape.OutChannels), Bias.Gradient);
        _backend.ConvTranspose2dBackwardInput(dOutput, Weight.Value, shape, dInput);
        return dInput;
    }

    private ConvTranspose2dShape Sizes(int batch) => _shape with { Batch = batch };
}
