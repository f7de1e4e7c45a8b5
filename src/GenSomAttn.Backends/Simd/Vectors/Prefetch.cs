using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GenSomAttn.Backends.Simd.Vectors;

/// <summary>
/// Prefetching of memory that is needed soon, while the processor multiplies and the memory would be idle. Prefetches are hints.
/// </summary>
internal static unsafe class Prefetch
{
    private const int CacheLineBytes = 64;

    /// <summary>Prefetches one of several equal parts of a run of floats into the second-level cache.</summary>
    public static void Part(float* start, long length, int part, int parts)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        byte* end = (byte*)(start + (length * (part + 1) / parts));
        for (byte* line = (byte*)(start + (length * part / parts)); line < end; line += CacheLineBytes)
        {
            Sse.Prefetch1(line);
        }
    }

    /// <summary>Prefetches a row of floats into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Row(float* start, int length)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < length; i += CacheLineBytes / sizeof(float))
            {
                Sse.Prefetch1(start + i);
            }
        }
    }
}
