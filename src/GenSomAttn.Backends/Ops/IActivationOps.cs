namespace GenSomAttn.Backends;

/// <summary>Activations, element by element. Backward needs the output only, so that forward may overwrite its input.</summary>
public interface IActivationOps
{
    /// <summary>output = max(input, 0). Overwrites <paramref name="output"/>; may alias.</summary>
    void ReluForward(DeviceView<float> input, DeviceView<float> output);

    /// <summary>dInput = dOutput where output > 0, else 0. Overwrites <paramref name="dInput"/>; may alias dOutput.</summary>
    void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput);

    /// <summary>output = 1 / (1 + exp(-input)). Overwrites <paramref name="output"/>; may alias.</summary>
    void SigmoidForward(DeviceView<float> input, DeviceView<float> output);

    /// <summary>dInput = dOutput · output · (1 - output). Overwrites <paramref name="dInput"/>; may alias dOutput.</summary>
    void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput);
}
