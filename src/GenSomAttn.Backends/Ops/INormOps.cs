using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Operations that normalize each row: layer norm and softmax.</summary>
public interface INormOps
{
    /// <summary>Layer normalization of each row. Overwrites <paramref name="output"/> and the saved tensors.</summary>
    /// <param name="input">(rows, length).</param>
    /// <param name="weight">(length).</param>
    /// <param name="bias">(length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="epsilon">Added to the variance, inside the root.</param>
    /// <param name="output">(rows, length).</param>
    /// <param name="savedMean">(rows), for backward.</param>
    /// <param name="savedInvStd">(rows), 1/√(variance + ε), for backward.</param>
    /// <remarks>output = (input - mean) · invStd · weight + bias, variance over the length (not length - 1). Source: Ba, Kiros and Hinton 2016; PyTorch nn.LayerNorm.</remarks>
    void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd);

    /// <summary>
    /// Gradients of <see cref="LayerNormForward"/>. Overwrites <paramref name="dInput"/>; adds to <paramref name="dWeight"/>
    /// and <paramref name="dBias"/>.
    /// </summary>
    /// <remarks>
    /// With x̂ = (input - mean) · invStd and g = dOutput · weight: dInput = invStd · (g - mean(g) - x̂ · mean(g · x̂));
    /// dWeight += Σ rows of dOutput · x̂; dBias += Σ rows of dOutput.
    /// </remarks>
    void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias);

    /// <summary>Softmax of each row, with the row's maximum subtracted first. Overwrites <paramref name="output"/>; may alias.</summary>
    /// <remarks>output[i] = exp(input[i] - max) / Σ exp(input[j] - max).</remarks>
    void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output);

    /// <summary>Gradient of <see cref="SoftmaxForward"/>. Overwrites <paramref name="dInput"/>; may alias dOutput.</summary>
    /// <remarks>dInput[i] = output[i] · (dOutput[i] - Σ dOutput[j] · output[j]).</remarks>
    void SoftmaxBackward(DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput);
}
