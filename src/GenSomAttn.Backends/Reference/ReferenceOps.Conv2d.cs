using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IConvOps.Conv2dForward"/>
    public static void Conv2dForward(
        ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Conv2dShape shape, Span<T> output)
    {
        for (int pixel = 0; pixel < shape.OutPixels; pixel++)
        {
            bias.CopyTo(Row(output, pixel, shape.OutChannels));
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

    /// <inheritdoc cref="IConvOps.Conv2dBackwardInput"/>
    public static void Conv2dBackwardInput(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> weight, Conv2dShape shape, Span<T> dInput)
    {
        dInput.Clear();
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

    /// <inheritdoc cref="IConvOps.Conv2dBackwardWeight"/>
    public static void Conv2dBackwardWeight(ReadOnlySpan<T> dOutput, ReadOnlySpan<T> input, Conv2dShape shape, Span<T> dWeight)
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
