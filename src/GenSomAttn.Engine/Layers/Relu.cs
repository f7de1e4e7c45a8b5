using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>max(x, 0), in place: the layer before it needs its input for backward, not its output.</summary>
public sealed class Relu(LayerContext context) : Layer
{
    private readonly IBackend _backend = context.Backend;
    private DeviceView<float> _output;

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        _backend.ReluForward(input, input);
        _output = input;
        return input;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        _backend.ReluBackward(dOutput, _output, dOutput);
        return dOutput;
    }
}
