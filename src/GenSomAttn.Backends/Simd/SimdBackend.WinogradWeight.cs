using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// The gradient of a weight by the Winograd transform: the gradient of each weight sum is a sum of outer products of sources and products'
// gradients; a kernel position gets the gradients of all sums that it is in.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>
    /// Number of groups of images, each with its own gradients: enough for the threads, few enough that adding them up costs little.
    /// </summary>
    private const int WinogradWeightGroups = 8;

    /// <summary>Floats of the sources of one block of images: with the gradients they stay in the second-level cache.</summary>
    private const int WinogradWeightBlock = 1 << 16;

    /// <summary>Computes dWeight += Σ over pixels of left ⊗ right, left being the big image if <paramref name="bigIsLeft"/>.</summary>
    private void AddWeightGradientByWinograd(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        WinogradPlan plan = PlanOf(geometry);
        WinogradWeightJob job = default;
        job.Geometry = geometry;
        job.Small = small;
        job.Big = big;
        job.BigIsLeft = bigIsLeft;
        job.SmallToSources = plan.SmallToSources.AsView();
        job.BigToProducts = plan.BigToProductsByWeight.AsView();
        job.Groups = plan.ByWeight.AsView();
        job.Sources = plan.Sources;
        job.Zeros = _workspace.Zeros(Math.Max(geometry.SmallChannels, geometry.BigChannels));
        job.ImagesPerItem = DivideUp(geometry.Batch, WinogradWeightGroups);
        job.Block = Math.Clamp(WinogradWeightBlock / (plan.Sources * geometry.SmallChannels), 1, job.ImagesPerItem);
        job.MaxProducts = plan.MaxProductsOfWeight;
        job.SumsLength = plan.Weights * geometry.SmallChannels * geometry.BigChannels;
        int items = DivideUp(geometry.Batch, job.ImagesPerItem);
        job.DSums = _workspace.Shared(items * job.SumsLength);
        job.Scratch = _workspace.PerWorker(job.ScratchLength);
        _pool.Run(job, items);

        SumTapsJob sum = default;
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
        _pool.Run(sum, sum.Left);
    }

    /// <summary>Gradients of all weight sums over some images; one item is one group of images.</summary>
    private struct WinogradWeightJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Small;
        public float* Big;
        public bool BigIsLeft;
        public SparseRows.View SmallToSources;
        public SparseRows.View BigToProducts;
        public WinogradGroups.View Groups;
        public int Sources;
        public int MaxProducts;
        public float* Zeros;
        public int ImagesPerItem;
        public int Block;
        public int SumsLength;
        public float* DSums;
        public WorkerScratch Scratch;

        public readonly int LeftChannels => BigIsLeft ? Geometry.BigChannels : Geometry.SmallChannels;

        public readonly int RightChannels => BigIsLeft ? Geometry.SmallChannels : Geometry.BigChannels;

        public readonly int ScratchLength
            => SourcesLength + ProductsLength + OuterProducts.ScratchLength(LeftChannels, RightChannels);

        private readonly int SourcesLength => Block * Sources * Geometry.SmallChannels;

        private readonly int ProductsLength => Block * MaxProducts * Geometry.BigChannels;

        public readonly void Execute(int item, int worker)
        {
            float* dSums = DSums + ((long)item * SumsLength);
            new Span<float>(dSums, SumsLength).Clear();
            int end = Math.Min(Geometry.Batch, (item + 1) * ImagesPerItem);
            for (int first = item * ImagesPerItem; first < end; first += Block)
            {
                int images = Math.Min(Block, end - first);
                AddBlock(first, images, Math.Min(Block, end - first - images), Scratch.For(worker), dSums);
            }
        }

        /// <summary>
        /// Combines the small pixels of a block once, the big ones for one weight sum after another, and multiplies. Meanwhile the images
        /// of the next block are prefetched; without this, a fifth of the time was spent waiting for them.
        /// </summary>
        private readonly void AddBlock(int firstImage, int images, int nextImages, float* scratch, float* dSums)
        {
            float* sources = scratch;
            float* products = sources + SourcesLength;
            float* padded = products + ProductsLength;
            for (int i = 0; i < images; i++)
            {
                SmallToSources.Combine<TVector>(
                    0, Small + ((long)(firstImage + i) * Geometry.SmallImage), Geometry.SmallChannels, Geometry.SmallChannels, Zeros,
                    sources + (i * Geometry.SmallChannels), images * Geometry.SmallChannels);
            }

            int productStride = images * Geometry.BigChannels;
            for (int sum = 0; sum < Groups.Count; sum++)
            {
                int next = firstImage + images;
                Prefetch.Part(Big + ((long)next * Geometry.BigImage), (long)nextImages * Geometry.BigImage, sum, Groups.Count);
                Prefetch.Part(Small + ((long)next * Geometry.SmallImage), (long)nextImages * Geometry.SmallImage, sum, Groups.Count);

                // The first product of the sum lies at the start of the products.
                float* firstProduct = products - ((nint)Groups.FirstRow[sum] * productStride);
                for (int i = 0; i < images; i++)
                {
                    BigToProducts.Combine<TVector>(
                        sum, Big + ((long)(firstImage + i) * Geometry.BigImage), Geometry.BigChannels, Geometry.BigChannels, Zeros,
                        firstProduct + (i * Geometry.BigChannels), productStride);
                }

                AddProducts(sum, images, sources, products, dSums + ((long)sum * LeftChannels * RightChannels), padded);
            }
        }

        /// <summary>Computes output += Σ over the products of one weight sum of left ⊗ right.</summary>
        [SkipLocalsInit]
        private readonly void AddProducts(int sum, int images, float* sources, float* products, float* output, float* padded)
        {
            int* inputs = Groups.Inputs + Groups.FirstInput[sum];
            int rows = (Groups.FirstRow[sum + 1] - Groups.FirstRow[sum]) * images;
            int* sourceOffsets = stackalloc int[OuterProducts.BlockRows];
            int* productOffsets = stackalloc int[OuterProducts.BlockRows];
            var source = new OuterProducts.Operand(sources, sourceOffsets, Geometry.SmallChannels);
            var product = new OuterProducts.Operand(products, productOffsets, Geometry.BigChannels);
            (int input, int image) = (0, 0);
            for (int first = 0; first < rows; first += OuterProducts.BlockRows)
            {
                int count = Math.Min(OuterProducts.BlockRows, rows - first);
                for (int r = 0; r < count; r++)
                {
                    sourceOffsets[r] = ((inputs[input] * images) + image) * Geometry.SmallChannels;
                    productOffsets[r] = (first + r) * Geometry.BigChannels;
                    if (++image == images)
                    {
                        (input, image) = (input + 1, 0);
                    }
                }

                OuterProducts.Add(BigIsLeft ? product : source, BigIsLeft ? source : product, count, output, RightChannels, padded);
            }
        }
    }

    /// <summary>
    /// dWeight at a kernel position += the gradients of the sums that it is in, of all groups; one item is one left channel.
    /// </summary>
    private struct SumTapsJob : IJob
    {
        public float* DSums;
        public int Groups;
        public int Weights;
        public int* WeightTaps;
        public int Left;
        public int Right;
        public int TapStride;
        public int RowStride;
        public float* DWeight;

        public readonly void Execute(int item, int worker)
        {
            for (int weight = 0; weight < Weights; weight++)
            {
                float* dSum = DSums + ((((long)weight * Left) + item) * Right);
                for (int group = 1; group < Groups; group++)
                {
                    ShortRows<TVector>.AddScaled(1, dSum + ((long)group * Weights * Left * Right), Right, dSum);
                }

                int* taps = WeightTaps + (weight * WinogradPlan.MaxTaps);
                for (int t = 0; t < WinogradPlan.MaxTaps && taps[t] != WinogradPlan.NoTap; t++)
                {
                    ShortRows<TVector>.AddScaled(1, dSum, Right, DWeight + ((long)taps[t] * TapStride) + ((long)item * RowStride));
                }
            }
        }
    }
}
