using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// What the threads of a group find out together, by a tree in shared memory: of its values the upper half is added to the lower, until one
/// is left. The order depends on the number of threads alone, which must be a power of two of at most 256. Every thread gets the result.
/// </summary>
internal static class GroupReduction
{
    private const int MaxThreads = 256;

    /// <summary>The sum of the threads' values.</summary>
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

    /// <summary>The two nearest of the units that the threads found.</summary>
    public static NearestTwo Nearest(NearestTwo found)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(NearestTwo.Floats * MaxThreads);
        int thread = Group.IdxX;
        NearestTwo nearest = found;

        // In a loop, somebody may still read what the last round left.
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

    /// <summary>The largest of the threads' values; NaN is passed over.</summary>
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
