using GenSomAttn.Kernels.Shapes;
using Ops = GenSomAttn.Backends.Reference.ReferenceOps<float>;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void Conv2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        OpChecks.Conv2dForward(input, weight, bias, shape, output);
        Ops.Conv2dForward(input.Span(), weight.Span(), bias.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void Conv2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        OpChecks.Conv2dBackwardInput(dOutput, weight, shape, dInput);
        Ops.Conv2dBackwardInput(dOutput.Span(), weight.Span(), shape, dInput.Span());
    }

    /// <inheritdoc/>
    public void Conv2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        OpChecks.Conv2dBackwardWeight(dOutput, input, shape, dWeight);
        Ops.Conv2dBackwardWeight(dOutput.Span(), input.Span(), shape, dWeight.Span());
    }

    /// <inheritdoc/>
    public void ConvTranspose2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output)
    {
        OpChecks.ConvTranspose2dForward(input, weight, bias, shape, output);
        Ops.ConvTranspose2dForward(input.Span(), weight.Span(), bias.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void ConvTranspose2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput)
    {
        OpChecks.ConvTranspose2dBackwardInput(dOutput, weight, shape, dInput);
        Ops.ConvTranspose2dBackwardInput(dOutput.Span(), weight.Span(), shape, dInput.Span());
    }

    /// <inheritdoc/>
    public void ConvTranspose2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight)
    {
        OpChecks.ConvTranspose2dBackwardWeight(dOutput, input, shape, dWeight);
        Ops.ConvTranspose2dBackwardWeight(dOutput.Span(), input.Span(), shape, dWeight.Span());
    }

    /// <inheritdoc/>
    public void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        OpChecks.LinearForward(input, weight, bias, shape, output);
        Ops.LinearForward(input.Span(), weight.Span(), bias.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void LinearBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        OpChecks.LinearBackwardInput(dOutput, weight, shape, dInput);
        Ops.LinearBackwardInput(dOutput.Span(), weight.Span(), shape, dInput.Span());
    }

    /// <inheritdoc/>
    public void LinearBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        OpChecks.LinearBackwardWeight(dOutput, input, shape, dWeight);
        Ops.LinearBackwardWeight(dOutput.Span(), input.Span(), shape, dWeight.Span());
    }

    /// <inheritdoc/>
    public void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        OpChecks.LayerNormForward(input, weight, bias, shape, epsilon, output, savedMean, savedInvStd);
        Ops.LayerNormForward(
            input.Span(), weight.Span(), bias.Span(), shape, epsilon, output.Span(), savedMean.Span(), savedInvStd.Span());
    }

    /// <inheritdoc/>
    public void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        OpChecks.LayerNormBackward(dOutput, input, weight, savedMean, savedInvStd, shape, dInput, dWeight, dBias);
        Ops.LayerNormBackward(
            dOutput.Span(), input.Span(), weight.Span(), savedMean.Span(), savedInvStd.Span(), shape,
            dInput.Span(), dWeight.Span(), dBias.Span());
    }

    /// <inheritdoc/>
    public void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.SoftmaxForward(input, shape, output);
        Ops.SoftmaxForward(input.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        OpChecks.SoftmaxBackward(dOutput, output, shape, dInput);
        Ops.SoftmaxBackward(dOutput.Span(), output.Span(), shape, dInput.Span());
    }

    /// <inheritdoc/>
    public void AttentionForward(
        DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context)
    {
        OpChecks.AttentionForward(queryKeyValue, shape, probs, context);
        Ops.AttentionForward(queryKeyValue.Span(), shape, probs.Span(), context.Span());
    }

    /// <inheritdoc/>
    public void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue)
    {
        OpChecks.AttentionBackward(dContext, queryKeyValue, probs, shape, dQueryKeyValue);
        Ops.AttentionBackward(dContext.Span(), queryKeyValue.Span(), probs.Span(), shape, dQueryKeyValue.Span());
    }
}
