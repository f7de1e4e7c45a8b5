using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// dWeight at a kernel position += the gradients of the sums that it is in, of all groups; one item is one left channel.
/// </summary>
internal unsafe struct SumTapsJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
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
