using GenSomAttn.Kernels;

namespace GenSomAttn.Backends;

// Activations: y = f(x). Every one here has a derivative that is a function of y alone, so that forward may overwrite its input.
public abstract partial class Backend<T>
{
    /// <summary>output = f(input). Overwrites <paramref name="output"/>; may alias.</summary>
    /// <param name="activation">f.</param>
    /// <param name="input">Any length.</param>
    /// <param name="output">The same length.</param>
    /// <remarks>ReLU: output = max(input, 0). Sigmoid: output = 1 / (1 + exp(-input)).</remarks>
    public void ActivationForward(Activation activation, DeviceView<T> input, DeviceView<T> output)
    {
        using OperationCall call = Elementwise(input, operation: ActivationNames.Forward(activation))
            .Reads(input, input.Length).Writes(output, input.Length).Begin();
        ActivationForwardCore(activation, input, output);
    }

    /// <summary>dInput = dOutput · f'(input). Overwrites <paramref name="dInput"/>; may alias dOutput.</summary>
    /// <param name="activation">f.</param>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output.</param>
    /// <param name="output">The output of forward, from which f' is computed.</param>
    /// <param name="dInput">The same length.</param>
    /// <remarks>ReLU: dInput = dOutput where output > 0, else 0. Sigmoid: dInput = dOutput · output · (1 - output).</remarks>
    public void ActivationBackward(Activation activation, DeviceView<T> dOutput, DeviceView<T> output, DeviceView<T> dInput)
    {
        using OperationCall call = Elementwise(output, operation: ActivationNames.Backward(activation))
            .Reads(dOutput, output.Length).Reads(output, output.Length).Writes(dInput, output.Length).Begin();
        ActivationBackwardCore(activation, dOutput, output, dInput);
    }

    /// <summary>Computes <see cref="ActivationForward"/>.</summary>
    protected abstract void ActivationForwardCore(Activation activation, DeviceView<T> input, DeviceView<T> output);

    /// <summary>Computes <see cref="ActivationBackward"/>.</summary>
    protected abstract void ActivationBackwardCore(
        Activation activation, DeviceView<T> dOutput, DeviceView<T> output, DeviceView<T> dInput);
}

/// <summary>
/// The names by which messages and profiles call an activation: "ReluForward". Built once, because a call allocates nothing.
/// </summary>
internal static class ActivationNames
{
    private static readonly string[] ForwardNames = [.. Enum.GetNames<Activation>().Select(name => $"{name}Forward")];
    private static readonly string[] BackwardNames = [.. Enum.GetNames<Activation>().Select(name => $"{name}Backward")];

    public static string Forward(Activation activation) => ForwardNames[(int)activation];

    public static string Backward(Activation activation) => BackwardNames[(int)activation];
}
