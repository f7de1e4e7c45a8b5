using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>Composition of layers: forward in their order, backward in reverse.</summary>
public sealed class Sequence(params Layer[] layers) : Layer
{
    /// <inheritdoc/>
    public override DeviceView<float> Forward(DeviceView<float> input, int batch)
    {
        DeviceView<float> output = input;
        foreach (Layer layer in layers)
        {
            output = layer.Forward(output, batch);
        }

        return output;
    }

    /// <inheritdoc/>
    public override DeviceView<float> Backward(DeviceView<float> dOutput, int batch)
    {
        DeviceView<float> dInput = dOutput;
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            dInput = layers[i].Backward(dInput, batch);
        }

        return dInput;
    }
}
