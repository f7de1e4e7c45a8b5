using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// Convolution of a big image of a few channels: its pixels are too short for the tile to address one by one, so whole windows are copied
/// out of it (im2col), or added into it (col2im), around a plain GEMM.
/// </summary>
internal sealed unsafe class ConvByWindows<TVector>(WorkerPool pool, Workspace workspace) : ConvAlgorithm<TVector>(pool, workspace)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Number of groups of images when windows are copied; each group has its own partial sum.</summary>
    private const int WindowGroups = 16;

    /// <inheritdoc/>
    public override void Gather(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small)
    {
        WindowProductJob job = default;
        job.Geometry = geometry;
        job.Big = big;
        job.Panels = PackWindows(geometry, weight, strides, bias);
        job.Small = small;
        job.Scratch = Workspace.PerWorker(WindowsScratchLength(geometry, geometry.WindowLength));
        Pool.Run(job, geometry.Batch);
    }

    /// <inheritdoc/>
    public override void Scatter(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        // A window's floats are the product's columns; with at most a handful of big channels they are packed tap by tap.
        float* ordered = Workspace.Shared(geometry.SmallChannels * geometry.WindowLength);
        for (int k = 0; k < geometry.SmallChannels; k++)
        {
            for (int j = 0; j < geometry.WindowLength; j++)
            {
                (int tap, int channel) = Math.DivRem(j, geometry.BigChannels);
                ordered[(k * geometry.WindowLength) + j] = weight[(tap * strides.Tap) + (k * strides.Small) + (channel * strides.Big)];
            }
        }

        WindowScatterJob job = default;
        job.Geometry = geometry;
        job.Small = small;
        job.Panels = Panels<TVector>.Pack(
            Pool, ordered, geometry.SmallChannels, geometry.WindowLength, geometry.WindowLength, 1, null,
            Workspace.Panels(Panels<TVector>.Length(geometry.SmallChannels, geometry.WindowLength)));
        job.Bias = bias;
        job.Big = big;
        job.Scratch = Workspace.PerWorker(WindowsScratchLength(geometry, geometry.WindowLength));
        Pool.Run(job, geometry.Batch);
    }

    /// <inheritdoc/>
    public override void AddWeightGradient(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        WindowWeightJob job = default;
        job.Geometry = geometry;
        job.Big = big;
        job.Small = small;
        job.BigIsLeft = bigIsLeft;
        job.ImagesPerItem = DivideUp(geometry.Batch, WindowGroups);
        int items = DivideUp(geometry.Batch, job.ImagesPerItem);
        job.Partials = Workspace.Shared(items * job.PartialLength);
        job.Scratch = Workspace.PerWorker(
            WindowsScratchLength(geometry, job.WindowStride) + OuterProducts<TVector>.ScratchLength(job.PaddedLeft, job.PaddedRight));
        Pool.Run(job, items);
        for (int item = 0; item < items; item++)
        {
            float* partial = job.Partials + ((long)item * job.PartialLength);
            for (int i = 0; i < job.LeftWidth; i++, partial += job.PaddedRight)
            {
                float* row = dWeight + ((long)i * job.RightWidth);
                for (int j = 0; j < job.RightWidth; j++)
                {
                    row[j] += partial[j];
                }
            }
        }
    }

    /// <summary>Computes the scratch for an image with its border and its windows, <paramref name="stride"/> floats apart.</summary>
    private static int WindowsScratchLength(ConvGeometry geometry, int stride)
        => BorderedImage<TVector>.Length(geometry) + BorderedImage<TVector>.WindowsLength(geometry, stride);

    /// <summary>GEMM of windows that are copied first (im2col); one item is one image.</summary>
    private struct WindowProductJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Big;
        public Panels<TVector> Panels;
        public float* Small;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            float* windows = Scratch.For(worker) + BorderedImage<TVector>.Length(Geometry);
            var image = new BorderedImage<TVector>(Geometry, Scratch.For(worker));
            image.Read(Big + ((long)item * Geometry.BigImage));
            image.CopyWindows(windows, Geometry.WindowLength);
            ProductJob<TVector> product = default;
            product.Input = windows;
            product.Rows = Geometry.SmallPixels;
            product.Depth = Geometry.WindowLength;
            product.Panels = Panels;
            product.Output = Small + ((long)item * Geometry.SmallImage);
            product.Multiply(0, Geometry.SmallPixels, 0, Panels.Count);
        }
    }

    /// <summary>A plain GEMM computes all windows of an image, which are then added into it (col2im); one item is one image.</summary>
    private struct WindowScatterJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Small;
        public Panels<TVector> Panels;
        public float* Bias;
        public float* Big;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            float* windows = Scratch.For(worker) + BorderedImage<TVector>.Length(Geometry);
            ProductJob<TVector> product = default;
            product.Input = Small + ((long)item * Geometry.SmallImage);
            product.Rows = Geometry.SmallPixels;
            product.Depth = Geometry.SmallChannels;
            product.Panels = Panels;
            product.Output = windows;
            product.Multiply(0, Geometry.SmallPixels, 0, Panels.Count);

            var image = new BorderedImage<TVector>(Geometry, Scratch.For(worker));
            image.Fill(Bias);
            image.AddWindows(windows);
            image.Write(Big + ((long)item * Geometry.BigImage));
        }
    }

    /// <summary>
    /// Gradient of a weight from windows that are copied first (im2col); one item is some images, summed into a partial gradient.
    /// </summary>
    private struct WindowWeightJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Big;
        public float* Small;
        public bool BigIsLeft;
        public int ImagesPerItem;
        public float* Partials;
        public WorkerScratch Scratch;

        public readonly int LeftWidth => BigIsLeft ? Geometry.WindowLength : Geometry.SmallChannels;

        public readonly int RightWidth => BigIsLeft ? Geometry.SmallChannels : Geometry.WindowLength;

        public readonly int PaddedLeft => RoundUp(LeftWidth, MatrixTile<TVector>.Height);

        public readonly int PaddedRight => RoundUp(RightWidth, TVector.Count);

        public readonly int PartialLength => PaddedLeft * PaddedRight;

        /// <summary>Floats between two windows: padded to the width of the tile, so that no operand needs another copy.</summary>
        public readonly int WindowStride => BigIsLeft ? PaddedLeft : PaddedRight;

        [SkipLocalsInit]
        public readonly void Execute(int item, int worker)
        {
            ConvGeometry g = Geometry;
            float* partial = Partials + ((long)item * PartialLength);
            new Span<float>(partial, PartialLength).Clear();
            var image = new BorderedImage<TVector>(g, Scratch.For(worker));
            float* windows = Scratch.For(worker) + BorderedImage<TVector>.Length(g);

            // The padding after a window contributes only to sums that are not used. It is zeroed, because leftover values may be
            // subnormal, which is slow.
            int windowsLength = BorderedImage<TVector>.WindowsLength(g, WindowStride);
            new Span<float>(windows, windowsLength).Clear();
            int* windowOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
            int* smallOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
            for (int r = 0; r < OuterProducts<TVector>.BlockRows; r++)
            {
                windowOffsets[r] = r * WindowStride;
                smallOffsets[r] = r * g.SmallChannels;
            }

            int endImage = Math.Min(g.Batch, (item + 1) * ImagesPerItem);
            for (int n = item * ImagesPerItem; n < endImage; n++)
            {
                image.Read(Big + ((long)n * g.BigImage));
                image.CopyWindows(windows, WindowStride);
                for (int first = 0; first < g.SmallPixels; first += OuterProducts<TVector>.BlockRows)
                {
                    var window = new OuterOperand(windows + (first * WindowStride), windowOffsets, WindowStride);
                    var small = new OuterOperand(
                        Small + ((long)n * g.SmallImage) + (first * g.SmallChannels), smallOffsets, g.SmallChannels);
                    OuterProducts<TVector>.Add(
                        BigIsLeft ? window : small, BigIsLeft ? small : window,
                        Math.Min(OuterProducts<TVector>.BlockRows, g.SmallPixels - first), partial, PaddedRight, windows + windowsLength);
                }
            }
        }
    }
}
