using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
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
    /// <remarks>
    /// output = (input - mean) · invStd · weight + bias, with the population variance over the length. Source: Ba, Kiros and Hinton 2016;
    /// PyTorch nn.LayerNorm.
    /// </remarks>
    public void LayerNormForward(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, RowsShape shape, T epsilon,
        DeviceView<T> output, DeviceView<T> savedMean, DeviceView<T> savedInvStd)
    {
        using OperationCall call = Contract(shape).Positive(double.CreateChecked(epsilon), nameof(epsilon))
            .Reads(input, shape.TotalLength).Reads(weight, shape.Length).Reads(bias, shape.Length)
            .Writes(output, shape.TotalLength).Writes(savedMean, shape.Rows).Writes(savedInvStd, shape.Rows).Begin();
        LayerNormForwardCore(input, weight, bias, shape, epsilon, output, savedMean, savedInvStd);
    }

    /// <summary>
    /// Gradients of <see cref="LayerNormForward"/>. Overwrites <paramref name="dInput"/>; adds to <paramref name="dWeight"/> and
    /// <paramref name="dBias"/>.
    /// </summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (rows, length).</param>
    /// <param name="input">The input of forward, (rows, length).</param>
    /// <param name="weight">(length).</param>
    /// <param name="savedMean">Saved by forward, (rows).</param>
    /// <param name="savedInvStd">Saved by forward, (rows).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(rows, length).</param>
    /// <param name="dWeight">(length), added to.</param>
    /// <param name="dBias">(length), added to.</param>
    /// <remarks>
    /// With x̂ = (input - mean) · invStd and g = dOutput · weight: dBias += Σ over rows of dOutput; dWeight += Σ over rows of dOutput · x̂;
    /// dInput = invStd · (g - mean(g) - x̂ · mean(g · x̂)). The two means are what reaches an element through the mean and through
    /// the variance of its row: ∂x̂[j]/∂input[i] = invStd · ((i = j) - 1/length - x̂[i] · x̂[j] / length).
    /// </remarks>
    public void LayerNormBackward(
        DeviceView<T> dOutput, DeviceView<T> input, DeviceView<T> weight, DeviceView<T> savedMean, DeviceView<T> savedInvStd,
        RowsShape shape, DeviceView<T> dInput, DeviceView<T> dWeight, DeviceView<T> dBias)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.TotalLength).Reads(input, shape.TotalLength).Reads(weight, shape.Length)
            .Reads(savedMean, shape.Rows).Reads(savedInvStd, shape.Rows)
            .Writes(dInput, shape.TotalLength).AddsTo(dWeight, shape.Length).AddsTo(dBias, shape.Length).Begin();
        LayerNormBackwardCore(dOutput, input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);
    }

    /// <summary>Computes <see cref="LayerNormForward"/>.</summary>
    protected abstract void LayerNormForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, RowsShape shape, T epsilon,
        DeviceView<T> output, DeviceView<T> savedMean, DeviceView<T> savedInvStd);

    /// <summary>Computes <see cref="LayerNormBackward"/>.</summary>
    protected abstract void LayerNormBackwardCore(
        DeviceView<T> dOutput, DeviceView<T> input, DeviceView<T> weight, DeviceView<T> savedMean, DeviceView<T> savedInvStd,
        RowsShape shape, DeviceView<T> dInput, DeviceView<T> dWeight, DeviceView<T> dBias);
}
