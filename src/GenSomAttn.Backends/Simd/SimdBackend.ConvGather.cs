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
            GatherJob job = default;
            job.Geometry = geometry;
            job.Big = big;
            job.Panels = panels;
            job.Small = small;
            job.Zeros = _workspace.Zeros(geometry.BigChannels);
            _pool.Run(job, DivideUp(geometry.Batch * geometry.SmallPixels, RowsPerItem));
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

    /// <summary>Product of windows that are read in place; one item is <see cref="RowsPerItem"/> small pixels.</summary>
    private struct GatherJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Big;
        public Panels Panels;
        public float* Small;
        public float* Zeros;

        public readonly void Execute(int item, int worker)
        {
            const int Height = MatrixTile<TVector>.Height;
            int firstPixel = item * RowsPerItem;
            int endPixel = Math.Min(Geometry.Batch * Geometry.SmallPixels, firstPixel + RowsPerItem);
            float** window = stackalloc float*[Geometry.Taps * Height];
            float** output = stackalloc float*[Height];
            for (int pixel = firstPixel; pixel < endPixel; pixel += Height)
            {
                for (int r = 0; r < Height; r++)
                {
                    int valid = Math.Min(pixel + r, endPixel - 1);
                    FindWindow(valid, window + r);
                    output[r] = Small + ((long)valid * Geometry.SmallChannels);
                }

                Panels.Multiply(
                    window, Geometry.Taps, Geometry.BigChannels, 0, Panels.Count, output, Math.Min(Height, endPixel - pixel));
            }
        }

        /// <summary>Addresses of a small pixel's window, every eighth entry; zeros for what lies outside.</summary>
        private readonly void FindWindow(int pixel, float** window)
        {
            (int image, int inImage) = Math.DivRem(pixel, Geometry.SmallPixels);
            (int h, int w) = Math.DivRem(inImage, Geometry.SmallWidth);
            int top = (h * Geometry.Stride) - Geometry.Padding;
            int left = (w * Geometry.Stride) - Geometry.Padding;
            float* bigImage = Big + ((long)image * Geometry.BigImage);
            for (int row = top; row < top + Geometry.KernelHeight; row++)
            {
                bool rowInside = row >= 0 && row < Geometry.BigHeight;
                for (int column = left; column < left + Geometry.KernelWidth; column++, window += MatrixTile<TVector>.Height)
                {
                    bool inside = rowInside && column >= 0 && column < Geometry.BigWidth;
                    *window = inside ? bigImage + (((row * Geometry.BigWidth) + column) * Geometry.BigChannels) : Zeros;
                }
            }
        }
    }
}
