using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <summary>
    /// All places where a kernel element meets an image pixel, in ascending order of (n, window, kernel element). A
    /// convolution has its input as image and a window for each output pixel: ih = oh · stride + kh - padding, and likewise
    /// for the width. What falls outside the image is left out.
    /// </summary>
    private static IEnumerable<Tap> Taps(Conv2dShape shape)
    {
        for (int window = 0; window < shape.OutPixels; window++)
        {
            int n = window / (shape.OutHeight * shape.OutWidth);
            int oh = window / shape.OutWidth % shape.OutHeight;
            int ow = window % shape.OutWidth;
            for (int kh = 0; kh < shape.KernelHeight; kh++)
            {
                for (int kw = 0; kw < shape.KernelWidth; kw++)
                {
                    int ih = (oh * shape.Stride) + kh - shape.PaddingHeight;
                    int iw = (ow * shape.Stride) + kw - shape.PaddingWidth;
                    if (ih >= 0 && ih < shape.InHeight && iw >= 0 && iw < shape.InWidth)
                    {
                        yield return new Tap(window, (kh * shape.KernelWidth) + kw, (((n * shape.InHeight) + ih) * shape.InWidth) + iw);
                    }
                }
            }
        }
    }

    /// <summary>
    /// The taps of a transposed convolution, which has its output as image and a window for each input pixel: those of the
    /// convolution that goes the other way.
    /// </summary>
    private static IEnumerable<Tap> Taps(ConvTranspose2dShape shape) => Taps(new Conv2dShape(
        shape.Batch, shape.OutHeight, shape.OutWidth, shape.OutChannels, shape.InChannels,
        shape.KernelHeight, shape.KernelWidth, shape.Stride, shape.Padding));

    /// <summary>One place where a kernel element meets an image pixel.</summary>
    /// <param name="Window">Position of the kernel, as index of a pixel over the whole batch: (n, oh, ow) of a convolution.</param>
    /// <param name="Kernel">Element of the kernel, kh · KW + kw.</param>
    /// <param name="Image">Pixel of the image over the whole batch: (n, ih, iw) of a convolution.</param>
    private readonly record struct Tap(int Window, int Kernel, int Image);
}
