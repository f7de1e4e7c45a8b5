using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace GenSomAttn.Backends.Simd;

/// <summary>Asks for memory that is needed soon, while the processor multiplies and the memory would be idle. A hint, no more.</summary>
internal static unsafe class Prefetch
{
    private const int CacheLineBytes = 64;

    /// <summary>Brings one of some equal parts of a run of floats into the second-level cache.</summary>
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

    /// <summary>Brings a row of floats into the second-level cache.</summary>
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
