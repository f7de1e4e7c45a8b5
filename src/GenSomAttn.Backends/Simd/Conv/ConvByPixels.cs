using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>Convolution as implicit GEMMs: pixels are read in place, see <see cref="IndirectProductJob{TVector}"/>.</summary>
internal sealed unsafe class ConvByPixels<TVector>(WorkerPool pool, Workspace workspace) : ConvAlgorithm<TVector>(pool, workspace)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <inheritdoc/>
    public override void Gather(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small)
    {
        PixelGroup<TVector> group = default;
        group.Pixels = geometry.SmallPixels;
        group.Taps = geometry.Taps;
        group.Sources = Workspace.Offsets(geometry.SmallPixels * (geometry.Taps + 1));
        group.Targets = group.Sources + (geometry.SmallPixels * geometry.Taps);
        group.Panels = PackWindows(geometry, weight, strides, bias);
        FindWindows(geometry, group);

        IndirectProductJob<TVector> job = default;
        job.Source = big;
        job.SourceImage = geometry.BigImage;
        job.SourceChannels = geometry.BigChannels;
        job.Target = small;
        job.TargetImage = geometry.SmallImage;
        job.Batch = geometry.Batch;
        job.Groups = &group;
        job.ItemsPerGroup = DivideUp(geometry.Batch * geometry.SmallPixels, IndirectProductJob<TVector>.RowsPerItem);
        job.Zeros = Workspace.Zeros(geometry.BigChannels);
        Pool.Run(job, job.ItemsPerGroup);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The big pixels fall into stride x stride phases; all pixels of a phase meet the same kernel positions, so each phase is a separate
    /// implicit GEMM, without adding into memory (the sub-pixel form of a transposed convolution).
    /// </remarks>
    [SkipLocalsInit]
    public override void Scatter(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        int phases = geometry.Stride * geometry.Stride;
        int* taps = stackalloc int[geometry.Taps];
        PixelGroup<TVector>* groups = stackalloc PixelGroup<TVector>[phases];
        int bigPixels = geometry.BigHeight * geometry.BigWidth;
        int* offsets = Workspace.Offsets(bigPixels * (geometry.Taps + 1));
        float* packed = Workspace.Panels(
            Panels<TVector>.Length(geometry.Taps * geometry.SmallChannels, geometry.BigChannels)
            + (phases * Panels<TVector>.Length(0, geometry.BigChannels)));
        int largest = 0;
        for (int p = 0; p < phases; p++)
        {
            Phase phase = Phase.At(geometry, p / geometry.Stride, p % geometry.Stride);
            groups[p].Pixels = phase.Rows * phase.Columns;
            groups[p].Taps = phase.ListTaps(geometry, taps);
            groups[p].Sources = offsets;
            groups[p].Targets = offsets + (groups[p].Pixels * groups[p].Taps);
            offsets = groups[p].Targets + groups[p].Pixels;
            groups[p].Panels = Panels<TVector>.Pack(
                Pool, weight, taps, groups[p].Taps, strides.Tap, geometry.SmallChannels, geometry.BigChannels,
                strides.Small, strides.Big, bias, packed);
            packed += Panels<TVector>.Length(groups[p].Taps * geometry.SmallChannels, geometry.BigChannels);
            phase.FindSources(geometry, groups[p]);
            largest = Math.Max(largest, groups[p].Pixels);
        }

        IndirectProductJob<TVector> job = default;
        job.Source = small;
        job.SourceImage = geometry.SmallImage;
        job.SourceChannels = geometry.SmallChannels;
        job.Target = big;
        job.TargetImage = geometry.BigImage;
        job.Batch = geometry.Batch;
        job.Groups = groups;
        job.ItemsPerGroup = DivideUp(largest * geometry.Batch, IndirectProductJob<TVector>.RowsPerItem);
        job.Zeros = Workspace.Zeros(geometry.SmallChannels);
        Pool.Run(job, phases * job.ItemsPerGroup);
    }

    /// <inheritdoc/>
    public override void AddWeightGradient(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        (int left, int right) = bigIsLeft
            ? (geometry.BigChannels, geometry.SmallChannels)
            : (geometry.SmallChannels, geometry.BigChannels);
        PixelWeightJob<TVector> job = default;
        job.Geometry = geometry;
        job.Big = big;
        job.Small = small;
        job.BigIsLeft = bigIsLeft;
        job.DWeight = dWeight;

        // At least sixteen items, so that threads share evenly.
        job.LeftPerItem = RoundUp(DivideUp(left, DivideUp(16, geometry.Taps)), MatrixTile<TVector>.Height);
        job.Scratch = Workspace.PerWorker(OuterProducts<TVector>.ScratchLength(job.LeftPerItem, right));
        Pool.Run(job, geometry.Taps * DivideUp(left, job.LeftPerItem));
    }

    /// <summary>Fills the tables of a group of all small pixels: each one's window in the big image.</summary>
    private static void FindWindows(ConvGeometry g, PixelGroup<TVector> group)
    {
        int* source = group.Sources;
        for (int pixel = 0; pixel < group.Pixels; pixel++)
        {
            group.Targets[pixel] = pixel * g.SmallChannels;
            (int h, int w) = Math.DivRem(pixel, g.SmallWidth);
            for (int kh = 0; kh < g.KernelHeight; kh++)
            {
                int row = (h * g.Stride) + kh - g.PaddingHeight;
                for (int kw = 0; kw < g.KernelWidth; kw++)
                {
                    int column = (w * g.Stride) + kw - g.PaddingWidth;
                    bool inside = row >= 0 && row < g.BigHeight && column >= 0 && column < g.BigWidth;
                    *source++ = inside ? ((row * g.BigWidth) + column) * g.BigChannels : PixelGroup<TVector>.Outside;
                }
            }
        }
    }
}
