namespace GenSomAttn.Backends.Simd;

// From the big image to the small one: the forward pass of a convolution and the gradient of a transposed convolution's
// input. A small pixel is the product of its window with the packed weight (window, small channels).
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>small = windows of big · panels.</summary>
    private void GatherWindows(ConvGeometry geometry, float* big, Panels panels, float* small)
    {
        if (geometry.UsesWindows)
        {
            WindowProductJob job = default;
            job.Geometry = geometry;
            job.Big = big;
            job.Panels = panels;
            job.Small = small;
            job.Scratch = _workspace.PerWorker(geometry.SmallPixels * geometry.WindowLength);
            _pool.Run(job, geometry.Batch);
        }
        else
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

    /// <summary>
    /// Copies the windows of one big image to rows of <paramref name="stride"/> floats; what lies outside the image, or beyond
    /// the window, is 0.
    /// </summary>
    private static void CopyWindows(ConvGeometry g, float* bigImage, float* windows, int stride)
    {
        for (int h = 0; h < g.SmallHeight; h++)
        {
            int top = (h * g.Stride) - g.Padding;
            bool rowsInside = top >= 0 && top + g.KernelHeight <= g.BigHeight;
            for (int w = 0; w < g.SmallWidth; w++, windows += stride)
            {
                (int first, int end) = g.InsideColumns(w);
                bool inside = rowsInside && end - first == g.KernelWidth;
                if (!inside || stride > g.WindowLength)
                {
                    new Span<float>(windows, stride).Clear();
                }

                int run = (end - first) * g.BigChannels;
                float* source = bigImage + (((top * g.BigWidth) + (w * g.Stride) + first - g.Padding) * g.BigChannels);
                float* target = windows + (first * g.BigChannels);
                for (int kh = 0; kh < g.KernelHeight; kh++)
                {
                    if (top + kh >= 0 && top + kh < g.BigHeight)
                    {
                        ShortRows<TVector>.Copy(source, run, target);
                    }

                    source += g.BigWidth * g.BigChannels;
                    target += g.KernelWidth * g.BigChannels;
                }
            }
        }
    }

    /// <summary>Product of windows that are copied first; one item is one image.</summary>
    private struct WindowProductJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Big;
        public Panels Panels;
        public float* Small;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            float* windows = Scratch.For(worker);
            CopyWindows(Geometry, Big + ((long)item * Geometry.BigImage), windows, Geometry.WindowLength);
            ProductJob product = default;
            product.Input = windows;
            product.Rows = Geometry.SmallPixels;
            product.Depth = Geometry.WindowLength;
            product.Panels = Panels;
            product.Output = Small + ((long)item * Geometry.SmallImage);
            product.Multiply(0, Geometry.SmallPixels, 0, Panels.Count);
        }
    }
}
