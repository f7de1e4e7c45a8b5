using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Reductions over the threads of a group, as a tree in shared memory: the upper half of the values is combined with the lower half until
/// one is left. The order depends on the number of threads alone, which must be a power of two of at most 256. Every thread gets the
/// result.
/// </summary>
internal static class GroupReduction
{
    private const int MaxThreads = 256;

    /// <summary>Returns the sum of the threads' values.</summary>
    public static float Sum(float value)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(MaxThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                shared[thread] += shared[thread + half];
            }

            Group.Barrier();
        }

        return shared[0];
    }

    /// <summary>Returns the two nearest of the units that the threads found.</summary>
    public static NearestTwo Nearest(NearestTwo found)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(NearestTwo.Floats * MaxThreads);
        int thread = Group.IdxX;
        NearestTwo nearest = found;

        // In a loop, other threads may still read the result of the previous call.
        Group.Barrier();
        nearest.Put(shared, thread);
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half)
            {
                nearest = nearest.With(NearestTwo.Get(shared, thread + half));
                nearest.Put(shared, thread);
            }

            Group.Barrier();
        }

        return NearestTwo.Get(shared, 0);
    }

    /// <summary>Returns the largest of the threads' values, none of which may be NaN.</summary>
    public static float Max(float value)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(MaxThreads);
        int thread = Group.IdxX;
        shared[thread] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (thread < half && shared[thread + half] > shared[thread])
            {
                shared[thread] = shared[thread + half];
            }

            Group.Barrier();
        }

        return shared[0];
    }
}
