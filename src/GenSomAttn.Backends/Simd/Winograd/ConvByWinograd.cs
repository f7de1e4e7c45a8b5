using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// Strided convolutions between images of many channels by the Winograd transform, with about half the multiplications: see
/// <see cref="WinogradAxis"/>.
/// </summary>
internal sealed unsafe class ConvByWinograd<TVector>(WorkerPool pool, Workspace workspace) : ConvAlgorithm<TVector>(pool, workspace)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>
    /// Maximum images of a block: eight, so that any number of products fills the tile; their pixels stay in a cache of 1 MB.
    /// </summary>
    private const int BlockImages = 8;

    /// <summary>Maximum floats of a block's combined pixels, unless one image has more: blocks of large images are smaller.</summary>
    private const int BlockFloats = 1 << 18;

    /// <summary>
    /// Number of groups of images, each with its own gradients: enough for the threads, few enough that adding them up costs little.
    /// </summary>
    private const int WeightGroups = 8;

    /// <summary>Floats of the sources of one block of images: with the gradients they stay in the second-level cache.</summary>
    private const int WeightBlockFloats = 1 << 16;

    private readonly Dictionary<ConvGeometry, WinogradPlan> _plans = [];

    /// <inheritdoc/>
    public override void Gather(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradJob<TVector> job = default;
        job.Batch = geometry.Batch;
        job.Before = plan.BigToProducts.AsView();
        job.After = plan.SourcesToSmall.AsView();
        job.Groups = plan.BySource.AsView();
        job.Source = big;
        (job.SourceImage, job.SourceChannels) = (geometry.BigImage, geometry.BigChannels);
        job.Target = small;
        (job.TargetImage, job.TargetChannels) = (geometry.SmallImage, geometry.SmallChannels);
        (job.InputRows, job.OutputRows) = (plan.Products, plan.Sources);
        Run(job, plan, plan.BySource, new WeightLayout(weight, strides.Tap, strides.Big, strides.Small), bias);
    }

    /// <inheritdoc/>
    public override void Scatter(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradJob<TVector> job = default;
        job.Batch = geometry.Batch;
        job.Before = plan.SmallToSources.AsView();
        job.After = plan.ProductsToBig.AsView();
        job.Groups = plan.ByWeight.AsView();
        job.Source = small;
        (job.SourceImage, job.SourceChannels) = (geometry.SmallImage, geometry.SmallChannels);
        job.Target = big;
        (job.TargetImage, job.TargetChannels) = (geometry.BigImage, geometry.BigChannels);
        (job.InputRows, job.OutputRows) = (plan.Sources, plan.Products);
        Run(job, plan, plan.ByWeight, new WeightLayout(weight, strides.Tap, strides.Small, strides.Big), bias);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The gradient of each weight sum is a sum of outer products of sources and products' gradients; a kernel position gets the gradients
    /// of all sums that it is in.
    /// </remarks>
    public override void AddWeightGradient(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradWeightJob<TVector> job = default;
        job.Geometry = geometry;
        job.Small = small;
        job.Big = big;
        job.BigIsLeft = bigIsLeft;
        job.SmallToSources = plan.SmallToSources.AsView();
        job.BigToProducts = plan.BigToProductsByWeight.AsView();
        job.Groups = plan.ByWeight.AsView();
        job.Sources = plan.Sources;
        job.Zeros = Workspace.Zeros(Math.Max(geometry.SmallChannels, geometry.BigChannels));
        job.ImagesPerItem = DivideUp(geometry.Batch, WeightGroups);
        job.Block = Math.Clamp(WeightBlockFloats / (plan.Sources * geometry.SmallChannels), 1, job.ImagesPerItem);
        job.MaxProducts = plan.MaxProductsOfWeight;
        job.SumsLength = plan.Weights * geometry.SmallChannels * geometry.BigChannels;
        int items = DivideUp(geometry.Batch, job.ImagesPerItem);
        job.DSums = Workspace.Shared(items * job.SumsLength);
        job.Scratch = Workspace.PerWorker(job.ScratchLength);
        Pool.Run(job, items);

        SumTapsJob<TVector> sum = default;
        sum.DSums = job.DSums;
        sum.Groups = items;
        sum.Weights = plan.Weights;
        sum.WeightTaps = plan.Taps;
        sum.Left = job.LeftChannels;
        sum.Right = job.RightChannels;
        (sum.TapStride, sum.RowStride) = bigIsLeft
            ? (sum.Left * sum.Right, sum.Right)
            : (sum.Right, geometry.Taps * sum.Right);
        sum.DWeight = dWeight;
        Pool.Run(sum, sum.Left);
    }

    /// <summary>Returns the tables for images of this size.</summary>
    private WinogradPlan PlanOf(ConvGeometry geometry)
    {
        ConvGeometry key = geometry with { Batch = 0, BigChannels = 0, SmallChannels = 0 };
        if (!_plans.TryGetValue(key, out WinogradPlan? plan))
        {
            plan = new WinogradPlan(key);
            _plans.Add(key, plan);
        }

        return plan;
    }

    private void Run(WinogradJob<TVector> job, WinogradPlan plan, WinogradGroups groups, WeightLayout weight, float* bias)
    {
        job.Panels = PackSums(plan, groups, weight, job.SourceChannels, job.TargetChannels);
        job.Zeros = Workspace.Zeros(RoundUp(Math.Max(job.SourceChannels, job.TargetChannels), MatrixTile<TVector>.Width));
        job.Bias = bias == null ? job.Zeros : bias;

        // Four items for each thread, so that they share evenly; the split changes no result.
        job.ImagesPerItem = DivideUp(job.Batch, 4 * Pool.Workers);
        int floatsPerImage = (job.InputRows * job.SourceChannels) + (job.OutputRows * job.TargetChannels);
        job.Block = Math.Clamp(BlockFloats / floatsPerImage, 1, Math.Min(job.ImagesPerItem, BlockImages));
        job.Scratch = Workspace.PerWorker(job.Block * floatsPerImage);
        Pool.Run(job, DivideUp(job.Batch, job.ImagesPerItem));
    }

    /// <summary>Packs the panels of all groups, one after another; the rows of a panel are those of its group's segments.</summary>
    private float* PackSums(WinogradPlan plan, WinogradGroups groups, WeightLayout weight, int segmentLength, int columns)
    {
        SumPackJob<TVector> job = default;
        job.Weight = weight;
        job.Taps = plan.Taps;
        job.Groups = groups.AsView();
        job.SegmentLength = segmentLength;
        job.Columns = columns;
        job.Destination = Workspace.Panels(groups.Segments * segmentLength * RoundUp(columns, MatrixTile<TVector>.Width));
        Pool.Run(job, groups.Count);
        return job.Destination;
    }
}
