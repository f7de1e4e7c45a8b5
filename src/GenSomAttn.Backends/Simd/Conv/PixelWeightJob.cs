using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>The gradient of a weight from pixels that are read in place; one item is some left channels of one kernel position.</summary>
internal unsafe struct PixelWeightJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
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
        int* bigOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
        int* smallOffsets = stackalloc int[OuterProducts<TVector>.BlockRows];
        var big = new OuterOperand(Big + (BigIsLeft ? firstLeft : 0), bigOffsets, BigIsLeft ? leftCount : rightChannels);
        var small = new OuterOperand(Small + (BigIsLeft ? 0 : firstLeft), smallOffsets, BigIsLeft ? rightChannels : leftCount);

        PixelPairs<TVector> pairs = new(g, tap);
        for (int rows = pairs.Next(bigOffsets, smallOffsets); rows > 0; rows = pairs.Next(bigOffsets, smallOffsets))
        {
            OuterProducts<TVector>.Add(BigIsLeft ? big : small, BigIsLeft ? small : big, rows, output, stride, Scratch.For(worker));
        }
    }
}
