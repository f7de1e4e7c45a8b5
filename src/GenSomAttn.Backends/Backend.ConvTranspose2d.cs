using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

// The gradient of the bias is BiasBackward over (N·OH·OW, OC).
public abstract partial class Backend<T>
{
    /// <summary>Two-dimensional transposed convolution. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(N, IH, IW, IC).</param>
    /// <param name="weight">(IC, KH, KW, OC).</param>
    /// <param name="bias">(OC).</param>
    /// <param name="shape">Sizes; OH and OW follow from it.</param>
    /// <param name="output">(N, OH, OW, OC).</param>
    /// <remarks>
    /// output[n,oh,ow,oc] = bias[oc] + Σ over ih,iw,kh,kw,ic of input[n,ih,iw,ic] · weight[ic,kh,kw,oc], over those with
    /// ih·stride+kh-padding = oh and iw·stride+kw-padding = ow. Source: PyTorch nn.ConvTranspose2d.
    /// </remarks>
    public void ConvTranspose2dForward(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, ConvTranspose2dShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Reads(weight, shape.WeightLength).Reads(bias, shape.OutChannels)
            .Writes(output, shape.OutputLength).Begin(shape.Flops);
        ConvTranspose2dForwardCore(input, weight, bias, shape, output);
    }

    /// <summary>Gradient of <see cref="ConvTranspose2dForward"/> w.r.t. its input. Overwrites <paramref name="dInput"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="weight">(IC, KH, KW, OC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(N, IH, IW, IC).</param>
    /// <remarks>
    /// dInput[n,ih,iw,ic] = Σ over kh,kw,oc of dOutput[n, ih·stride+kh-padding, iw·stride+kw-padding, oc] · weight[ic,kh,kw,oc]:
    /// a convolution.
    /// </remarks>
    public void ConvTranspose2dBackwardInput(DeviceView<T> dOutput, DeviceView<T> weight, ConvTranspose2dShape shape, DeviceView<T> dInput)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(weight, shape.WeightLength).Writes(dInput, shape.InputLength).Begin(shape.Flops);
        ConvTranspose2dBackwardInputCore(dOutput, weight, shape, dInput);
    }

    /// <summary>Gradient of <see cref="ConvTranspose2dForward"/> w.r.t. its weight. Adds to <paramref name="dWeight"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="input">The input of forward, (N, IH, IW, IC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dWeight">(IC, KH, KW, OC), added to.</param>
    /// <remarks>
    /// dWeight[ic,kh,kw,oc] += Σ over n,ih,iw of input[n,ih,iw,ic] ·
    /// dOutput[n, ih·stride+kh-padding, iw·stride+kw-padding, oc].
    /// </remarks>
    public void ConvTranspose2dBackwardWeight(DeviceView<T> dOutput, DeviceView<T> input, ConvTranspose2dShape shape, DeviceView<T> dWeight)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(input, shape.InputLength).AddsTo(dWeight, shape.WeightLength).Begin(shape.Flops);
        ConvTranspose2dBackwardWeightCore(dOutput, input, shape, dWeight);
    }

    /// <summary>Computes <see cref="ConvTranspose2dForward"/>.</summary>
    protected abstract void ConvTranspose2dForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, ConvTranspose2dShape shape, DeviceView<T> output);

    /// <summary>Computes <see cref="ConvTranspose2dBackwardInput"/>.</summary>
    protected abstract void ConvTranspose2dBackwardInputCore(
        DeviceView<T> dOutput, DeviceView<T> weight, ConvTranspose2dShape shape, DeviceView<T> dInput);

    /// <summary>Computes <see cref="ConvTranspose2dBackwardWeight"/>.</summary>
    protected abstract void ConvTranspose2dBackwardWeightCore(
        DeviceView<T> dOutput, DeviceView<T> input, ConvTranspose2dShape shape, DeviceView<T> dWeight);
}
