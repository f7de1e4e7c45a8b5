using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

// The gradient of a weight: for each kernel position, the sum over all pixels of the outer product of a big and a small pixel. For a
// convolution the big pixel is the left operand (IC) and the small one the right (OC); for a transposed convolution it is the other way
// round, because its weight is (IC, KH, KW, OC) and its input is the small image.
internal sealed unsafe partial class SimdBackend<TVector>
{

    /// <summary>Computes dWeight += Σ over pixels of left ⊗ right, left being the big image if <paramref name="bigIsLeft"/>.</summary>
    private void AddWeightGradient(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight)
    {
        if (geometry.UsesWindows)
        {
            AddWeightGradientByWindows(geometry, big, small, bigIsLeft, dWeight);
            return;
        }

        if (WinogradPlan.Fits(geometry))
        {
            AddWeightGradientByWinograd(geometry, big, small, bigIsLeft, dWeight);
            return;
        }

        (int left, int right) = bigIsLeft
            ? (geometry.BigChannels, geometry.SmallChannels)
            : (geometry.SmallChannels, geometry.BigChannels);
        WeightJob job = default;
        job.Geometry = geometry;
        job.Big = big;
        job.Small = small;
        job.BigIsLeft = bigIsLeft;
        job.DWeight = dWeight;

        // At least sixteen items, so that threads share evenly.
        job.LeftPerItem = RoundUp(DivideUp(left, DivideUp(16, geometry.Taps)), MatrixTile<TVector>.Height);
        job.Scratch = _workspace.PerWorker(OuterProducts.ScratchLength(job.LeftPerItem, right));
        _pool.Run(job, geometry.Taps * DivideUp(left, job.LeftPerItem));
    }

    /// <summary>Pixels are read in place; one item is some left channels of one kernel position.</summary>
    private struct WeightJob : IJob
    {
        public ConvGeometry Geometry;
        public float* Big;
        public float* Small;
        public bool BigIsLeft;
        public float* DWeight;
        public int LeftPerItem;
        public WorkerScratch Scratch;

        [SkipLocalsInit]
        public readonly void Execute(int item, int worker)
        {
            ConvGeometry g = Geometry;
            (int leftChannels, int rightChannels) = BigIsLeft ? (g.BigChannels, g.SmallChannels) : (g.SmallChannels, g.BigChannels);
            (int tap, int group) = Math.DivRem(item, DivideUp(leftChannels, LeftPerItem));
            int firstLeft = group * LeftPerItem;
            int leftCount = Math.Min(LeftPerItem, leftChannels - firstLeft);

            // Rows of dWeight at this kernel position: (KH, KW, IC, OC) has them together, (IC, KH, KW, OC) apart.
            int stride = BigIsLeft ? rightChannels : g.Taps * rightChannels;
            float* output = DWeight + ((long)tap * (BigIsLeft ? leftChannels * rightChannels : rightChannels)) + ((long)firstLeft * stride);
            int* bigOffsets = stackalloc int[OuterProducts.BlockRows];
            int* smallOffsets = stackalloc int[OuterProducts.BlockRows];
            var big = new OuterProducts.Operand(Big + (BigIsLeft ? firstLeft : 0), bigOffsets, BigIsLeft ? leftCount : rightChannels);
            var small = new OuterProducts.Operand(Small + (BigIsLeft ? 0 : firstLeft), smallOffsets, BigIsLeft ? rightChannels : leftCount);

            PixelPairs pairs = new(g, tap);
            for (int rows = pairs.Next(bigOffsets, smallOffsets); rows > 0; rows = pairs.Next(bigOffsets, smallOffsets))
            {
                OuterProducts.Add(BigIsLeft ? big : small, BigIsLeft ? small : big, rows, output, stride, Scratch.For(worker));
            }
        }
    }

    /// <summary>The pairs of a big and a small pixel that meet under one kernel position, in blocks.</summary>
    private struct PixelPairs(ConvGeometry geometry, int tap)
    {
        private readonly int _tapRow = tap / geometry.KernelWidth;
        private readonly int _tapColumn = tap % geometry.KernelWidth;
        private int _smallRow;
        private int _column;

        /// <summary>Writes the offsets of the next pairs; returns their number, 0 at the end.</summary>
        public int Next(int* bigOffsets, int* smallOffsets)
        {
            int count = 0;
            for (; _smallRow < geometry.Batch * geometry.SmallHeight; _smallRow++, _column = 0)
            {
                (int image, int h) = Math.DivRem(_smallRow, geometry.SmallHeight);
                int bigRow = (h * geometry.Stride) + _tapRow - geometry.Padding;
                if (bigRow < 0 || bigRow >= geometry.BigHeight)
                {
                    continue;
                }

                int bigStart = ((image * geometry.BigHeight) + bigRow) * geometry.BigWidth;
                for (; _column < geometry.SmallWidth; _column++)
                {
                    int bigColumn = (_column * geometry.Stride) + _tapColumn - geometry.Padding;
                    if (bigColumn < 0 || bigColumn >= geometry.BigWidth)
                    {
                        continue;
                    }

                    if (count == OuterProducts.BlockRows)
                    {
                        return count;
                    }

                    bigOffsets[count] = (bigStart + bigColumn) * geometry.BigChannels;
                    smallOffsets[count] = ((_smallRow * geometry.SmallWidth) + _column) * geometry.SmallChannels;
                    count++;
                }
            }

            return count;
        }
    }
}
