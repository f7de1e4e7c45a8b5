using GenSomAttn.Kernels;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Sums over all elements in two stages, or in one where one group is enough.
internal sealed partial class IlgpuBackend
{
    /// <summary>Minimum elements of a thread, and maximum number of groups of a reduction.</summary>
    private const int MinElementsOfThread = 8, MaxSumGroups = 128;

    private void SumInGroups<TRight>(
        Action<ArrayView<float>, ArrayView<TRight>, float, ArrayView<float>> kernel,
        ArrayView<float> left, ArrayView<TRight> right, float divisor, ArrayView<float> total)
        where TRight : unmanaged
    {
        int groups = Math.Clamp(left.IntLength / (GroupSize * MinElementsOfThread), 1, MaxSumGroups);
        if (groups == 1)
        {
            Launch(Groups(1), kernel, left, right, divisor, total);
            return;
        }

        ArrayView<float> sums = Workspace(groups);
        Launch(Groups(groups), kernel, left, right, 1f, sums);
        Launch(Groups(1), LossKernels.Total, sums, divisor, total);
    }
}
