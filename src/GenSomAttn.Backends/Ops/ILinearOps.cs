using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Linear layer. The gradient of its bias is <see cref="IElementwiseOps.BiasBackward"/> over (rows, out).</summary>
public interface ILinearOps
{
    /// <summary>output = input · weight + bias. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(rows, in).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="bias">(out), or empty for none.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, out).</param>
    /// <exception cref="ArgumentException">A length differs from its shape.</exception>
    void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output);

    /// <summary>Gradient of <see cref="LinearForward"/> with respect to its input: dInput = dOutput · weightᵀ. Overwrites <paramref name="dInput"/>.</summary>
    void LinearBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput);

    /// <summary>Gradient of <see cref="LinearForward"/> with respect to its weight: dWeight += inputᵀ · dOutput. Adds to <paramref name="dWeight"/>.</summary>
    void LinearBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight);
}
