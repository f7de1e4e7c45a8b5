using System.Diagnostics;

namespace GenSomAttn.Backends.Simd;

// From the big image to the small one: the forward pass of a convolution and the gradient of a transposed convolution's input. A small
// pixel is the product of its window with the packed weight (window, small channels), an implicit GEMM.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>
    /// Computes small = bias + the product of each window of big with the weight. Element (tap, small channel, big channel) of the weight
    /// is weight[tap · Tap + small · Small + big · Big].
    /// </summary>
    private void GatherWindows(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small)
    {
        if (!geometry.UsesWindows && WinogradPlan.Fits(geometry))
        {
            GatherByWinograd(geometry, big, weight, strides, bias, small);
            return;
        }

        // The kernel positions of a big channel follow each other, so that a window is one run of rows of the weight.
        Debug.Assert(strides.Tap == geometry.BigChannels * strides.Big, "windows are rows of the weight");
        Panels panels = Pack(
            weight, geometry.WindowLength, geometry.SmallChannels, strides.Big, strides.Small, bias,
            _workspace.Panels(PanelsLength(geometry.WindowLength, geometry.SmallChannels)));
        if (geometry.UsesWindows)
        {
            GatherByWindows(geometry, big, panels, small);
        }
        else
        {
            GatherByPixels(geometry, big, panels, small);
        }
    }

    private void GatherByPixels(ConvGeometry geometry, float* big, Panels panels, float* small)
    {
        PixelGroup group = default;
        group.Pixels = geometry.SmallPixels;
        group.Taps = geometry.Taps;
        group.Sources = _workspace.Offsets(geometry.SmallPixels * (geometry.Taps + 1));
        group.Targets = group.Sources + (geometry.SmallPixels * geometry.Taps);
        group.Panels = panels;
        FindWindows(geometry, group);

        IndirectProductJob job = default;
        job.Source = big;
        job.SourceImage = geometry.BigImage;
        job.SourceChannels = geometry.BigChannels;
        job.Target = small;
        job.TargetImage = geometry.SmallImage;
        job.Batch = geometry.Batch;
        job.Groups = &group;
        job.ItemsPerGroup = DivideUp(geometry.Batch * geometry.SmallPixels, RowsPerItem);
        job.Zeros = _workspace.Zeros(geometry.BigChannels);
        _pool.Run(job, job.ItemsPerGroup);
    }

    /// <summary>Fills the tables of a group of all small pixels: each one's window in the big image.</summary>
    private static void FindWindows(ConvGeometry g, PixelGroup group)
    {
        int* source = group.Sources;
        for (int pixel = 0; pixel < group.Pixels; pixel++)
        {
            group.Targets[pixel] = pixel * g.SmallChannels;
            (int h, int w) = Math.DivRem(pixel, g.SmallWidth);
            for (int kh = 0; kh < g.KernelHeight; kh++)
            {
                int row = (h * g.Stride) + kh - g.Padding;
                for (int kw = 0; kw < g.KernelWidth; kw++)
                {
                    int column = (w * g.Stride) + kw - g.Padding;
                    bool inside = row >= 0 && row < g.BigHeight && column >= 0 && column < g.BigWidth;
                    *source++ = inside ? ((row * g.BigWidth) + column) * g.BigChannels : Outside;
                }
            }
        }
    }
}
