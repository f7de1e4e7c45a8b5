using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void ConvTranspose2dForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, ConvTranspose2dShape shape, DeviceView<T> output)
    {
        for (int pixel = 0; pixel < shape.OutPixels; pixel++)
        {
            bias.Span().CopyTo(Row(output, pixel, shape.OutChannels));
        }

        int kernelArea = shape.KernelHeight * shape.KernelWidth;
        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> inputPixel = Row(input, tap.Window, shape.InChannels);
            Span<T> outputPixel = Row(output, tap.Image, shape.OutChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[ic,kh,kw,:]
                AddScaled(inputPixel[ic], Row(weight, (ic * kernelArea) + tap.Kernel, shape.OutChannels), outputPixel);
            }
        }
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardInputCore(
        DeviceView<T> dOutput, DeviceView<T> weight, ConvTranspose2dShape shape, DeviceView<T> dInput)
    {
        dInput.Span().Clear();
        int kernelArea = shape.KernelHeight * shape.KernelWidth;
        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> dOutputPixel = Row(dOutput, tap.Image, shape.OutChannels);
            Span<T> dInputPixel = Row(dInput, tap.Window, shape.InChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // forward: output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[ic,kh,kw,:]
                dInputPixel[ic] += Dot(dOutputPixel, Row(weight, (ic * kernelArea) + tap.Kernel, shape.OutChannels));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ConvTranspose2dBackwardWeightCore(
        DeviceView<T> dOutput, DeviceView<T> input, ConvTranspose2dShape shape, DeviceView<T> dWeight)
    {
        int kernelArea = shape.KernelHeight * shape.KernelWidth;
        foreach (Tap tap in Taps(shape))
        {
            ReadOnlySpan<T> dOutputPixel = Row(dOutput, tap.Image, shape.OutChannels);
            ReadOnlySpan<T> inputPixel = Row(input, tap.Window, shape.InChannels);
            for (int ic = 0; ic < shape.InChannels; ic++)
            {
                // forward: output[n,oh,ow,:] += input[n,ih,iw,ic] · weight[ic,kh,kw,:]
                AddScaled(inputPixel[ic], dOutputPixel, Row(dWeight, (ic * kernelArea) + tap.Kernel, shape.OutChannels));
            }
        }
    }
}
