using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Profiling;

// Convolutions, matrix products, attention and norms.
public sealed partial class ProfilingBackend
{
    /// <inheritdoc/>
    public void Conv2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(input, weight, bias, output));
        inner.Conv2dForward(input, weight, bias, shape, output);
    }

    /// <inheritdoc/>
    public void Conv2dBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, weight, dInput));
        inner.Conv2dBackwardInput(dOutput, weight, shape, dInput);
    }

    /// <inheritdoc/>
    public void Conv2dBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, input, dWeight, dWeight));
        inner.Conv2dBackwardWeight(dOutput, input, shape, dWeight);
    }

    /// <inheritdoc/>
    public void ConvTranspose2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(input, weight, bias, output));
        inner.ConvTranspose2dForward(input, weight, bias, shape, output);
    }

    /// <inheritdoc/>
    public void ConvTranspose2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, weight, dInput));
        inner.ConvTranspose2dBackwardInput(dOutput, weight, shape, dInput);
    }

    /// <inheritdoc/>
    public void ConvTranspose2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, input, dWeight, dWeight));
        inner.ConvTranspose2dBackwardWeight(dOutput, input, shape, dWeight);
    }

    /// <inheritdoc/>
    public void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(input, weight, bias, output));
        inner.LinearForward(input, weight, bias, shape, output);
    }

    /// <inheritdoc/>
    public void LinearBackwardInput(DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, weight, dInput));
        inner.LinearBackwardInput(dOutput, weight, shape, dInput);
    }

    /// <inheritdoc/>
    public void LinearBackwardWeight(DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        using Timing timing = Time(shape, shape.Flops, Bytes(dOutput, input, dWeight, dWeight));
        inner.LinearBackwardWeight(dOutput, input, shape, dWeight);
    }

    /// <inheritdoc/>
    public void AttentionForward(DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context)
    {
        using Timing timing = Time(shape, shape.ForwardFlops, Bytes(queryKeyValue, probs, context));
        inner.AttentionForward(queryKeyValue, shape, probs, context);
    }

    /// <inheritdoc/>
    public void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue)
    {
        using Timing timing = Time(shape, shape.BackwardFlops, Bytes(dContext, queryKeyValue, probs, dQueryKeyValue));
        inner.AttentionBackward(dContext, queryKeyValue, probs, shape, dQueryKeyValue);
    }

    /// <inheritdoc/>
    public void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        using Timing timing = Time(shape, 0, Bytes(input, weight, bias, output, savedMean, savedInvStd));
        inner.LayerNormForward(input, weight, bias, shape, epsilon, output, savedMean, savedInvStd);
    }

    /// <inheritdoc/>
    public void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        using Timing timing = Time(
            shape, 0, Bytes(dOutput, input, weight, savedMean, savedInvStd, dInput, dWeight, dWeight, dBias, dBias));
        inner.LayerNormBackward(dOutput, input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);
    }

    /// <inheritdoc/>
    public void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        using Timing timing = Time(shape, 0, Bytes(input, output));
        inner.SoftmaxForward(input, shape, output);
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        using Timing timing = Time(shape, 0, Bytes(dOutput, output, dInput));
        inner.SoftmaxBackward(dOutput, output, shape, dInput);
    }
}
