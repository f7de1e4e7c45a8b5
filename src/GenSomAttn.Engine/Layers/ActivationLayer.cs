using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Layers;

/// <summary>y = f(x), element by element, in place: the layer before it needs its input for backward, not its output.</summary>
/// <param name="context">Where the layer computes.</param>
/// <param name="activation">f.</param>
public sealed class ActivationLayer(LayerContext context, Activation activation) : Layer
{
    private readonly Backend<float> _backend = context.Backend;
    private DeviceView<float> _output;

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        _backend.ActivationForward(activation, input, input);
        _output = input;
        return input;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        _backend.ActivationBackward(activation, dOutput, _output, dOutput);
        return dOutput;
    }

    /// <summary>A layer of <see cref="Activation.Relu"/>.</summary>
    public static ActivationLayer Relu(LayerContext context) => new(context, Activation.Relu);

    /// <summary>A layer of <see cref="Activation.Sigmoid"/>.</summary>
    public static ActivationLayer Sigmoid(LayerContext context) => new(context, Activation.Sigmoid);
}
