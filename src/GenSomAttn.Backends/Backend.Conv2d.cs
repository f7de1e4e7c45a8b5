using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

// The gradient of the bias is BiasBackward over (N·OH·OW, OC).
public abstract partial class Backend<T>
{
    /// <summary>Two-dimensional convolution (cross-correlation). Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(N, IH, IW, IC).</param>
    /// <param name="weight">(KH, KW, IC, OC).</param>
    /// <param name="bias">(OC).</param>
    /// <param name="shape">Sizes; OH and OW follow from it.</param>
    /// <param name="output">(N, OH, OW, OC).</param>
    /// <remarks>
    /// output[n,oh,ow,oc] = bias[oc] + Σ over kh,kw,ic of input[n, oh·stride+kh-padding height, ow·stride+kw-padding width, ic] ·
    /// weight[kh,kw,ic,oc]; terms outside the input are left out. Source: PyTorch nn.Conv2d.
    /// </remarks>
    public void Conv2dForward(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, Conv2dShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Reads(weight, shape.WeightLength).Reads(bias, shape.OutChannels)
            .Writes(output, shape.OutputLength).Begin(shape.Flops);
        Conv2dForwardCore(input, weight, bias, shape, output);
    }

    /// <summary>Gradient of <see cref="Conv2dForward"/> w.r.t. its input. Overwrites <paramref name="dInput"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="weight">(KH, KW, IC, OC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(N, IH, IW, IC).</param>
    /// <remarks>
    /// dInput[n,ih,iw,ic] = Σ over oh,ow,kh,kw,oc of dOutput[n,oh,ow,oc] · weight[kh,kw,ic,oc], over those with
    /// oh·stride+kh-padding height = ih and ow·stride+kw-padding width = iw.
    /// </remarks>
    public void Conv2dBackwardInput(DeviceView<T> dOutput, DeviceView<T> weight, Conv2dShape shape, DeviceView<T> dInput)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(weight, shape.WeightLength).Writes(dInput, shape.InputLength).Begin(shape.Flops);
        Conv2dBackwardInputCore(dOutput, weight, shape, dInput);
    }

    /// <summary>Gradient of <see cref="Conv2dForward"/> w.r.t. its weight. Adds to <paramref name="dWeight"/>.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (N, OH, OW, OC).</param>
    /// <param name="input">The input of forward, (N, IH, IW, IC).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dWeight">(KH, KW, IC, OC), added to.</param>
    /// <remarks>
    /// dWeight[kh,kw,ic,oc] += Σ over n,oh,ow of input[n, oh·stride+kh-padding height, ow·stride+kw-padding width, ic] ·
    /// dOutput[n,oh,ow,oc].
    /// </remarks>
    public void Conv2dBackwardWeight(DeviceView<T> dOutput, DeviceView<T> input, Conv2dShape shape, DeviceView<T> dWeight)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(input, shape.InputLength).AddsTo(dWeight, shape.WeightLength).Begin(shape.Flops);
        Conv2dBackwardWeightCore(dOutput, input, shape, dWeight);
    }

    /// <summary>Computes <see cref="Conv2dForward"/>.</summary>
    protected abstract void Conv2dForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, Conv2dShape shape, DeviceView<T> output);

    /// <summary>Computes <see cref="Conv2dBackwardInput"/>.</summary>
    protected abstract void Conv2dBackwardInputCore(
        DeviceView<T> dOutput, DeviceView<T> weight, Conv2dShape shape, DeviceView<T> dInput);

    /// <summary>Computes <see cref="Conv2dBackwardWeight"/>.</summary>
    protected abstract void Conv2dBackwardWeightCore(
        DeviceView<T> dOutput, DeviceView<T> input, Conv2dShape shape, DeviceView<T> dWeight);
}
