using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Sums, biases and fills.</summary>
public interface IElementwiseOps
{
    /// <summary>sum = left + right. Overwrites <paramref name="sum"/>; may alias either.</summary>
    void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum);

    /// <summary>output = input + bias on every row. Overwrites <paramref name="output"/>; may alias input.</summary>
    /// <param name="input">(rows, length).</param>
    /// <param name="bias">(length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, length).</param>
    void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output);

    /// <summary>Gradient of a bias that was added to every row: the sum of the rows. Adds to <paramref name="dBias"/>.</summary>
    /// <param name="dOutput">(rows, length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dBias">(length), added to.</param>
    void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias);

    /// <summary>Every element = value. Overwrites <paramref name="output"/>.</summary>
    void Fill(float value, DeviceView<float> output);
}
