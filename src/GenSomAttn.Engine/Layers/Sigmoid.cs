using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>Logistic sigmoid, in place: the backward pass of the layer before it needs its input, not its output.</summary>
/// <remarks>Forward: output = 1 / (1 + exp(-input)). Backward: dInput = dOutput · output · (1 - output).</remarks>
public sealed class Sigmoid(LayerContext context) : Layer
{
    private readonly IBackend _backend = context.Backend;
    private DeviceView<float> _output;

    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        _backend.SigmoidForward(input, input);
        _output = input;
        return input;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        _backend.SigmoidBackward(dOutput, _output, dOutput);
        return dOutput;
    }
}
