using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void ActivationForwardCore(Activation activation, DeviceView<T> input, DeviceView<T> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            T x = input[i];
            output[i] = activation switch
            {
                // NaN stays NaN: a network that has diverged must not look healthy again.
                Activation.Relu => T.Max(x, T.Zero),
                Activation.Sigmoid => T.One / (T.One + T.Exp(-x)),
                _ => throw new ArgumentOutOfRangeException(nameof(activation)),
            };
        }
    }

    /// <inheritdoc/>
    protected override void ActivationBackwardCore(
        Activation activation, DeviceView<T> dOutput, DeviceView<T> output, DeviceView<T> dInput)
    {
        for (int i = 0; i < dOutput.Length; i++)
        {
            T y = output[i];
            dInput[i] = activation switch
            {
                // forward: y = max(x, 0)
                Activation.Relu => y > T.Zero ? dOutput[i] : T.Zero,

                // forward: y = 1 / (1 + exp(-x)), hence dy/dx = exp(-x) / (1 + exp(-x))² = y · (1 - y)
                Activation.Sigmoid => dOutput[i] * y * (T.One - y),
                _ => throw new ArgumentOutOfRangeException(nameof(activation)),
            };
        }
    }
}
