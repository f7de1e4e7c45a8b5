using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// Strided convolutions between images of many channels by the Winograd transform, with about half the multiplications: see WinogradAxis.
// Images are processed in blocks that stay in the second-level cache: combine pixels, multiply, combine products.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>
    /// Maximum images of a block: eight, so that any number of products fills the tile; their pixels stay in a cache of 1 MB.
    /// </summary>
    private const int WinogradBlock = 8;

    /// <summary>Maximum floats of a block's combined pixels, unless one image has more: blocks of large images are smaller.</summary>
    private const int WinogradBlockFloats = 1 << 18;

    private readonly Dictionary<ConvGeometry, WinogradPlan> _winogradPlans = [];

    /// <summary>Returns the tables for images of this size.</summary>
    private WinogradPlan PlanOf(ConvGeometry geometry)
    {
        ConvGeometry key = geometry with { Batch = 0, BigChannels = 0, SmallChannels = 0 };
        if (!_winogradPlans.TryGetValue(key, out WinogradPlan? plan))
        {
            plan = new WinogradPlan(key);
            _winogradPlans.Add(key, plan);
        }

        return plan;
    }

    /// <summary>Computes, from small to big, big = bias + transposed convolution of small.</summary>
    private void ScatterByWinograd(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradJob job = default;
        job.Batch = geometry.Batch;
        job.Before = plan.SmallToSources.AsView();
        job.After = plan.ProductsToBig.AsView();
        job.Groups = plan.ByWeight.AsView();
        job.Source = small;
        (job.SourceImage, job.SourceChannels) = (geometry.SmallImage, geometry.SmallChannels);
        job.Target = big;
        (job.TargetImage, job.TargetChannels) = (geometry.BigImage, geometry.BigChannels);
        (job.InputRows, job.OutputRows) = (plan.Sources, plan.Products);
        RunWinograd(job, plan, plan.ByWeight, new WeightLayout(weight, strides.Tap, strides.Small, strides.Big), bias);
    }

    /// <summary>Computes, from big to small, small = bias + convolution of big.</summary>
    private void GatherByWinograd(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradJob job = default;
        job.Batch = geometry.Batch;
        job.Before = plan.BigToProducts.AsView();
        job.After = plan.SourcesToSmall.AsView();
        job.Groups = plan.BySource.AsView();
        job.Source = big;
        (job.SourceImage, job.SourceChannels) = (geometry.BigImage, geometry.BigChannels);
        job.Target = small;
        (job.TargetImage, job.TargetChannels) = (geometry.SmallImage, geometry.SmallChannels);
        (job.InputRows, job.OutputRows) = (plan.Products, plan.Sources);
        RunWinograd(job, plan, plan.BySource, new WeightLayout(weight, strides.Tap, strides.Big, strides.Small), bias);
    }

    private void RunWinograd(WinogradJob job, WinogradPlan plan, WinogradGroups groups, WeightLayout weight, float* bias)
    {
        job.Panels = PackSums(plan, groups, weight, job.SourceChannels, job.TargetChannels);
        job.Zeros = _workspace.Zeros(RoundUp(Math.Max(job.SourceChannels, job.TargetChannels), MatrixTile<TVector>.Width));
        job.Bias = bias == null ? job.Zeros : bias;

        // Four items for each thread, so that they share evenly; the split changes no result.
        job.ImagesPerItem = DivideUp(job.Batch, 4 * _pool.Workers);
        int floatsPerImage = (job.InputRows * job.SourceChannels) + (job.OutputRows * job.TargetChannels);
        job.Block = Math.Clamp(WinogradBlockFloats / floatsPerImage, 1, Math.Min(job.ImagesPerItem, WinogradBlock));
        job.Scratch = _workspace.PerWorker(job.Block * floatsPerImage);
        _pool.Run(job, DivideUp(job.Batch, job.ImagesPerItem));
    }

    /// <summary>Packs the panels of all groups, one after another; the rows of a panel are those of its group's segments.</summary>
    private float* PackSums(WinogradPlan plan, WinogradGroups groups, WeightLayout weight, int segmentLength, int columns)
    {
        SumPackJob job = default;
        job.Weight = weight;
        job.Taps = plan.Taps;
        job.Groups = groups.AsView();
        job.SegmentLength = segmentLength;
        job.Columns = columns;
        job.Destination = _workspace.Panels(groups.Segments * segmentLength * RoundUp(columns, MatrixTile<TVector>.Width));
        _pool.Run(job, groups.Count);
        return job.Destination;
    }

    /// <summary>Element (tap, k, j) of a weight is Data[tap · Tap + k · Row + j · Column].</summary>
    private readonly struct WeightLayout(float* data, int tap, int row, int column)
    {
        public float* Data { get; } = data;

        public int Tap { get; } = tap;

        public int Row { get; } = row;

        public int Column { get; } = column;
    }

    /// <summary>Packs weight sums; one item is one group.</summary>
    private struct SumPackJob : IJob
    {
        public WeightLayout Weight;
        public int* Taps;
        public WinogradGroups.View Groups;
        public int SegmentLength;
        public int Columns;
        public float* Destination;

        public readonly void Execute(int item, int worker)
        {
            int width = MatrixTile<TVector>.Width;
            int first = Groups.FirstSegment[item], end = Groups.FirstSegment[item + 1];
            float* destination = Destination + ((long)first * SegmentLength * RoundUp(Columns, width));
            for (int column = 0; column < Columns; column += width)
            {
                for (int segment = first; segment < end; segment++, destination += SegmentLength * width)
                {
                    int* taps = Taps + (Groups.Weights[segment] * WinogradPlan.MaxTaps);
                    if (Weight.Column == 1)
                    {
                        CopyRows(taps, column, destination);
                    }
                    else
                    {
                        CopyColumns(taps, column, destination);
                    }
                }
            }
        }

        /// <summary>Computes destination[k · width + j] = Σ over taps of weight[tap, k, column + j], row by row.</summary>
        private readonly void CopyRows(int* taps, int column, float* destination)
        {
            int width = MatrixTile<TVector>.Width;
            int valid = Math.Min(width, Columns - column);
            for (int k = 0; k < SegmentLength; k++, destination += width)
            {
                new Span<float>(destination, width).Clear();
                for (int t = 0; t < WinogradPlan.MaxTaps && taps[t] != WinogradPlan.NoTap; t++)
                {
                    ShortRows<TVector>.Add(
                        Weight.Data + ((long)taps[t] * Weight.Tap) + ((long)k * Weight.Row) + column, valid, destination);
                }
            }
        }

        /// <summary>
        /// Computes the same where the rows of the weight are columns of the panel: each row is summed contiguously and then scattered
        /// into its column (a fifth of the time).
        /// </summary>
        [SkipLocalsInit]
        private readonly void CopyColumns(int* taps, int column, float* destination)
        {
            int width = MatrixTile<TVector>.Width;
            float* sum = stackalloc float[SegmentLength];
            for (int j = 0; j < width; j++)
            {
                new Span<float>(sum, SegmentLength).Clear();
                for (int t = 0; column + j < Columns && t < WinogradPlan.MaxTaps && taps[t] != WinogradPlan.NoTap; t++)
                {
                    float* source = Weight.Data + ((long)taps[t] * Weight.Tap) + ((long)(column + j) * Weight.Column);
                    ShortRows<TVector>.Add(source, SegmentLength, sum);
                }

                for (int k = 0; k < SegmentLength; k++)
                {
                    destination[(k * width) + j] = sum[k];
                }
            }
        }
    }

    /// <summary>One item is some blocks of images.</summary>
    private struct WinogradJob : IJob
    {
        public int Batch;
        public int ImagesPerItem;
        public int Block;
        public SparseRows.View Before;
        public SparseRows.View After;
        public WinogradGroups.View Groups;
        public float* Source;
        public int SourceImage;
        public int SourceChannels;
        public float* Target;
        public int TargetImage;
        public int TargetChannels;
        public int InputRows;
        public int OutputRows;
        public float* Panels;
        public float* Bias;
        public float* Zeros;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            int end = Math.Min(Batch, (item + 1) * ImagesPerItem);
            for (int first = item * ImagesPerItem; first < end; first += Block)
            {
                int images = Math.Min(Block, end - first);
                RunBlock(first, images, Math.Min(Block, end - first - images), Scratch.For(worker));
            }
        }

        /// <summary>Computes one block. During its GEMMs the images of the next block are prefetched.</summary>
        private readonly void RunBlock(int firstImage, int images, int nextImages, float* inputs)
        {
            float* outputs = inputs + ((long)Block * InputRows * SourceChannels);
            for (int i = 0; i < images; i++)
            {
                Before.Combine<TVector>(
                    0, Source + ((long)(firstImage + i) * SourceImage), SourceChannels, SourceChannels, Zeros,
                    inputs + (i * SourceChannels), images * SourceChannels);
            }

            for (int group = 0; group < Groups.Count; group++)
            {
                Prefetch.Part(
                    Source + ((long)(firstImage + images) * SourceImage), (long)nextImages * SourceImage, group, Groups.Count);
                Multiply(group, images, inputs, outputs);
            }

            for (int i = 0; i < images; i++)
            {
                After.Combine<TVector>(
                    0, outputs + (i * TargetChannels), images * TargetChannels, TargetChannels, Bias,
                    Target + ((long)(firstImage + i) * TargetImage), TargetChannels);
            }
        }

        /// <summary>Computes the GEMM of one group for all images of the block.</summary>
        [SkipLocalsInit]
        private readonly void Multiply(int group, int images, float* inputs, float* outputs)
        {
            const int Height = MatrixTile<TVector>.Height;
            int firstRow = Groups.FirstRow[group];
            int rowsPerImage = Groups.FirstRow[group + 1] - firstRow;
            int firstSegment = Groups.FirstSegment[group];
            int segments = Groups.FirstSegment[group + 1] - firstSegment;
            int* rowInputs = Groups.Inputs + Groups.FirstInput[group];
            var panels = new Panels(
                Panels + ((long)firstSegment * SourceChannels * RoundUp(TargetChannels, MatrixTile<TVector>.Width)),
                Zeros, segments * SourceChannels, TargetChannels);
            float** input = stackalloc float*[segments * Height];
            float** output = stackalloc float*[Height];
            int inputStride = images * SourceChannels, outputStride = images * TargetChannels;
            (int row, int image) = (0, 0);
            for (int first = 0; first < images * rowsPerImage; first += Height)
            {
                int valid = Math.Min(Height, (images * rowsPerImage) - first);
                for (int r = 0; r < valid; r++)
                {
                    for (int s = 0; s < segments; s++)
                    {
                        input[(s * Height) + r] =
                            inputs + ((nint)rowInputs[(row * segments) + s] * inputStride) + (image * SourceChannels);
                    }

                    output[r] = outputs + ((nint)Groups.Outputs[firstRow + row] * outputStride) + (image * TargetChannels);
                    if (++image == images)
                    {
                        (row, image) = (row + 1, 0);
                    }
                }

                if (valid < Height)
                {
                    IndirectProductJob.RepeatLast(input, segments, valid);
                }

                panels.Multiply(input, segments, SourceChannels, 0, panels.Count, output, valid);
            }
        }
    }
}
