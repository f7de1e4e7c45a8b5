using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IConvOps.ConvTranspose2dForward"/>
    public static void ConvTranspose2dForward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ConvTranspose2dShape shape, Span<T> output)
    {
        for (int pixel = 0; pixel < shape.OutPixels; pixel++)
        {
            bias.CopyTo(Row(output, pixel, shape.OutChannels));
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

    /// <inheritdoc cref="IConvOps.ConvTranspose2dBackwardInput"/>
    public static void ConvTranspose2dBackwardInput(
        ReadOnlySpan<T> dOutput, ReadOnlySpan<T> weight, ConvTranspose2dShape shape, Span<T> dInput)
    {
        dInput.Clear();
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

    /// <inheritdoc cref="IConvOps.ConvTranspose2dBackwardWeight"/>
    public static void ConvTranspose2dBackwardWeight(
        ReadOnlySpan<T> dOutput, ReadOnlySpan<T> input, ConvTranspose2dShape shape, Span<T> dWeight)
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
