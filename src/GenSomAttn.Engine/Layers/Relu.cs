using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>Rectified linear unit, in place: the backward pass of the layer before it needs its input, not its output.</summary>
/// <remarks>Forward: output = max(input, 0). Backward: dInput = dOutput where output > 0, else 0.</remarks>
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
