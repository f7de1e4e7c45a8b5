using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>How a reduction combines two values.</summary>
internal interface IReduction<T>
    where T : unmanaged
{
    /// <summary>Combines the value of a thread with that of a thread from the upper half.</summary>
    T Combine(T lower, T upper);
}

/// <summary>
/// Reductions over the threads of a group, as a tree in shared memory: the upper half of the values is combined with the lower half until
/// one is left. The order depends on the number of threads alone, which must be a power of two of at most 256. Every thread gets the
/// result.
/// </summary>
internal static class GroupReduction
{
    private const int MaxThreads = 256;

    /// <summary>Returns the sum of the threads' values.</summary>
    public static float Sum(float value) => Reduce<float, SumReduction>(value);

    /// <summary>Returns the two nearest of the units that the threads found.</summary>
    public static NearestTwo Nearest(NearestTwo found) => Reduce<NearestTwo, NearestReduction>(found);

    /// <summary>
    /// Returns the largest of the threads' values, none of which may be NaN: that of the first thread would be the result, that of another
    /// would be dropped, with some of the other values.
    /// </summary>
    public static float Max(float value) => Reduce<float, MaxReduction>(value);

    private static T Reduce<T, TReduction>(T value)
        where T : unmanaged
        where TReduction : struct, IReduction<T>
    {
        ArrayView<T> shared = SharedMemory.Allocate<T>(MaxThreads);
        int thread = Group.IdxX;

        // Other threads may still read the result of the reduction before.
        Group.Barrier();
        shared[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] = default(TReduction).Combine(shared[thread], shared[thread + half]);
            }

            Group.Barrier();
        }

        return shared[0];
    }

    private readonly struct SumReduction : IReduction<float>
    {
        public float Combine(float lower, float upper) => lower + upper;
    }

    private readonly struct MaxReduction : IReduction<float>
    {
        public float Combine(float lower, float upper) => upper > lower ? upper : lower;
    }

    private readonly struct NearestReduction : IReduction<NearestTwo>
    {
        public NearestTwo Combine(NearestTwo lower, NearestTwo upper) => lower.With(upper);
    }
}
