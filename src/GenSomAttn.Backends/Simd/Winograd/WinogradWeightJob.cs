using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>Gradients of all weight sums over some images; one item is one group of images.</summary>
internal unsafe struct WinogradWeightJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
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
        => SourcesLength + ProductsLength + OuterProducts<TVector>.ScratchLength(LeftChannels, RightChannels);

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
        int* sourceOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
        int* productOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
        var source = new OuterOperand(sources, sourceOffsets, Geometry.SmallChannels);
        var product = new OuterOperand(products, productOffsets, Geometry.BigChannels);
        (int input, int image) = (0, 0);
        for (int first = 0; first < rows; first += OuterProducts<TVector>.BlockRows)
        {
            int count = Math.Min(OuterProducts<TVector>.BlockRows, rows - first);
            for (int r = 0; r < count; r++)
            {
                sourceOffsets[r] = ((inputs[input] * images) + image) * Geometry.SmallChannels;
                productOffsets[r] = (first + r) * Geometry.BigChannels;
                if (++image == images)
                {
                    (input, image) = (input + 1, 0);
                }
            }

            OuterProducts<TVector>.Add(BigIsLeft ? product : source, BigIsLeft ? source : product, count, output, RightChannels, padded);
        }
    }
}
