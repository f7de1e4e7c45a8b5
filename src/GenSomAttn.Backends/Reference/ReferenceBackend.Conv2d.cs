using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void Conv2dForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, Conv2dShape shape, DeviceView<T> output)
    {
        for (int pixel = 0; pixel < shape.OutPixels; pixel++)
        {
            bias.Span().CopyTo(Row(output, pixel, shape.OutChannels));
        }

        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> inputPixel = Row(input, tap.Image, shape.InChannels);
            Span<T> outputPixel = Row(output, tap.Window, shape.OutChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[kh,kw,ic,:]
                AddScaled(inputPixel[ic], Row(weight, (tap.Kernel * shape.InChannels) + ic, shape.OutChannels), outputPixel);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardInputCore(DeviceView<T> dOutput, DeviceView<T> weight, Conv2dShape shape, DeviceView<T> dInput)
    {
        dInput.Span().Clear();
        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> dOutputPixel = Row(dOutput, tap.Window, shape.OutChannels);
            Span<T> dInputPixel = Row(dInput, tap.Image, shape.InChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // forward: output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[kh,kw,ic,:]
                dInputPixel[ic] += Dot(dOutputPixel, Row(weight, (tap.Kernel * shape.InChannels) + ic, shape.OutChannels));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Conv2dBackwardWeightCore(DeviceView<T> dOutput, DeviceView<T> input, Conv2dShape shape, DeviceView<T> dWeight)
    {
        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> dOutputPixel = Row(dOutput, tap.Window, shape.OutChannels);
            ReadOnlySpan<T> inputPixel = Row(input, tap.Image, shape.InChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // forward: output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[kh,kw,ic,:]
                AddScaled(inputPixel[ic], dOutputPixel, Row(dWeight, (tap.Kernel * shape.InChannels) + ic, shape.OutChannels));
            }
        }
    }
}
