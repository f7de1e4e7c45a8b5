using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// The gradient of a weight in Winograd's form: the gradient of each weight sum is a sum of outer products of sources and
// products' gradients; a kernel position gets the gradients of all sums that it is in.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Floats of combined pixels that are kept at a time, so that a large batch does not take much memory.</summary>
    private const int WinogradChunk = 1 << 22;

    /// <summary>dWeight += Σ over pixels of left ⊗ right, left being the big image if <paramref name="bigIsLeft"/>.</summary>
    private void AddWeightGradientByWinograd(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        WinogradPlan plan = PlanOf(geometry);
        int sourceFloats = plan.Sources * geometry.SmallChannels, productFloats = plan.Products * geometry.BigChannels;
        int chunk = Math.Clamp(WinogradChunk / (sourceFloats + productFloats), 1, geometry.Batch);
        int weightFloats = geometry.SmallChannels * geometry.BigChannels;

        CombineJob combine = default;
        combine.Geometry = geometry;
        combine.SmallToSources = plan.SmallToSources.AsView();
        combine.BigToProducts = plan.BigToProducts.AsView();
        combine.Zeros = _workspace.Zeros(Math.Max(geometry.SmallChannels, geometry.BigChannels));
        combine.Sources = _workspace.Shared((chunk * (sourceFloats + productFloats)) + (plan.Weights * weightFloats));
        combine.Products = combine.Sources + ((long)chunk * sourceFloats);

        WinogradWeightJob job = default;
        job.Sources = combine.Sources;
        job.SourceRows = plan.Sources;
        job.SourceChannels = geometry.SmallChannels;
        job.Products = combine.Products;
        job.ProductRows = plan.Products;
        job.ProductChannels = geometry.BigChannels;
        job.Groups = plan.ByWeight.AsView();
        job.BigIsLeft = bigIsLeft;
        job.DSums = combine.Products + ((long)chunk * productFloats);
        job.Scratch = _workspace.PerWorker(OuterProducts.ScratchLength(job.LeftPerItem, job.RightChannels));
        new Span<float>(job.DSums, plan.Weights * weightFloats).Clear();
        for (int first = 0; first < geometry.Batch; first += chunk)
        {
            job.Images = Math.Min(chunk, geometry.Batch - first);
            combine.Small = small + ((long)first * geometry.SmallImage);
            combine.Big = big + ((long)first * geometry.BigImage);
            _pool.Run(combine, job.Images);
            _pool.Run(job, job.Items);
        }

        SumTapsJob sum = default;
        sum.DSums = job.DSums;
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

    /// <summary>Both combinations of one image; one item is one image.</summary>
    private struct CombineJob : IJob
    {
        public ConvGeometry Geometry;
        public SparseRows.View SmallToSources;
        public SparseRows.View BigToProducts;
        public float* Small;
        public float* Big;
        public float* Zeros;
        public float* Sources;
        public float* Products;

        public readonly void Execute(int item, int worker)
        {
            SmallToSources.Combine<TVector>(
                Small + ((long)item * Geometry.SmallImage), Geometry.SmallChannels, Zeros,
                Sources + ((long)item * SmallToSources.Count * Geometry.SmallChannels));
            BigToProducts.Combine<TVector>(
                Big + ((long)item * Geometry.BigImage), Geometry.BigChannels, Zeros,
                Products + ((long)item * BigToProducts.Count * Geometry.BigChannels));
        }
    }

    /// <summary>Gradients of the weight sums; one item is some left channels of one sum.</summary>
    private struct WinogradWeightJob : IJob
    {
        public float* Sources;
        public int SourceRows;
        public int SourceChannels;
        public float* Products;
        public int ProductRows;
        public int ProductChannels;
        public int Images;
        public WinogradGroups.View Groups;
        public bool BigIsLeft;
        public float* DSums;
        public WorkerScratch Scratch;

        public readonly int LeftChannels => BigIsLeft ? ProductChannels : SourceChannels;

        public readonly int RightChannels => BigIsLeft ? SourceChannels : ProductChannels;

        /// <summary>Half of the channels: two items for each sum, so that threads share evenly.</summary>
        public readonly int LeftPerItem => RoundUp(DivideUp(LeftChannels, 2), MatrixTile<TVector>.Height);

        public readonly int Items => Groups.Count * ItemsPerSum;

        private readonly int ItemsPerSum => DivideUp(LeftChannels, LeftPerItem);

        [SkipLocalsInit]
        public readonly void Execute(int item, int worker)
        {
            (int sum, int part) = Math.DivRem(item, ItemsPerSum);
            int firstLeft = part * LeftPerItem;
            int leftWidth = Math.Min(LeftPerItem, LeftChannels - firstLeft);
            int firstRow = Groups.FirstRow[sum];
            int rowsPerImage = Groups.FirstRow[sum + 1] - firstRow;
            int* inputs = Groups.Inputs + Groups.FirstInput[sum];
            int* sourceOffsets = stackalloc int[OuterProducts.BlockRows];
            int* productOffsets = stackalloc int[OuterProducts.BlockRows];
            var source = new OuterProducts.Operand(
                Sources + (BigIsLeft ? 0 : firstLeft), sourceOffsets, BigIsLeft ? SourceChannels : leftWidth);
            var product = new OuterProducts.Operand(
                Products + (BigIsLeft ? firstLeft : 0), productOffsets, BigIsLeft ? leftWidth : ProductChannels);
            float* output = DSums + ((((long)sum * LeftChannels) + firstLeft) * RightChannels);
            (int image, int row) = (0, 0);
            while (image < Images)
            {
                int rows = 0;
                for (; rows < OuterProducts.BlockRows && image < Images; rows++)
                {
                    sourceOffsets[rows] = ((image * SourceRows) + inputs[row]) * SourceChannels;
                    productOffsets[rows] = ((image * ProductRows) + Groups.Outputs[firstRow + row]) * ProductChannels;
                    if (++row == rowsPerImage)
                    {
                        (image, row) = (image + 1, 0);
                    }
                }

                OuterProducts.Add(
                    BigIsLeft ? product : source, BigIsLeft ? source : product, rows, output, RightChannels, Scratch.For(worker));
            }
        }
    }

    /// <summary>dWeight at a kernel position += the gradients of the sums that it is in; one item is one left channel.</summary>
    private struct SumTapsJob : IJob
    {
        public float* DSums;
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
                int* taps = WeightTaps + (weight * WinogradPlan.MostTaps);
                for (int t = 0; t < WinogradPlan.MostTaps && taps[t] != WinogradPlan.NoTap; t++)
                {
                    float* target = DWeight + ((long)taps[t] * TapStride) + ((long)item * RowStride);
                    ShortRows<TVector>.AddScaled(1, dSum, Right, target);
                }
            }
        }
    }
}
