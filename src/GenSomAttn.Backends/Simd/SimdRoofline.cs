using GenSomAttn.Backends.Simd.Peaks;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd;

/// <summary>
/// The measured roofline of the processor: peak FLOP/s and peak bandwidth, the upper bounds of every operation (Williams, Waterman and
/// Patterson 2009).
/// </summary>
/// <param name="Threads">Number of threads.</param>
/// <param name="VectorBits">Width of the vectors.</param>
/// <param name="GigaflopsPerSecond">Peak GFLOP/s of multiply-adds in registers, best of all runs.</param>
/// <param name="MedianGigaflopsPerSecond">
/// Median of the runs; much lower than the best where other processes used the processor too.
/// </param>
/// <param name="Memory">Peak bandwidths, from the smallest to the largest working set.</param>
public sealed record Roofline(
    int Threads, int VectorBits, double GigaflopsPerSecond, double MedianGigaflopsPerSecond, IReadOnlyList<MemoryBandwidth> Memory)
{
    /// <summary>
    /// Returns the peak bandwidth, in GB/s, of a working set: the faster of reading and copying at the largest measured working set that
    /// is not larger, because smaller working sets are never slower.
    /// </summary>
    public double GigabytesPerSecondOf(long bytes)
    {
        MemoryBandwidth point = Memory.LastOrDefault(each => each.Bytes <= bytes) ?? Memory[0];
        return Math.Max(point.ReadGigabytesPerSecond, point.CopyGigabytesPerSecond);
    }
}

/// <summary>Peak bandwidths of repeated passes over a working set; small working sets stay in a cache.</summary>
/// <param name="Bytes">Bytes of the working set of all threads; each thread has its own part.</param>
/// <param name="ReadGigabytesPerSecond">Read bandwidth, 10^9 bytes a second, best of all runs.</param>
/// <param name="CopyGigabytesPerSecond">
/// Bandwidth of copying one half to the other, bytes read plus bytes written, best of all runs.
/// </param>
public sealed record MemoryBandwidth(long Bytes, double ReadGigabytesPerSecond, double CopyGigabytesPerSecond);

/// <summary>Measurement of the roofline with the vectors that <see cref="SimdBackend"/> uses.</summary>
public static class SimdRoofline
{
    /// <summary>Bytes of the largest working set by default: more than caches hold.</summary>
    public const long LargestMemory = 256L << 20;

    private const long SmallestMemory = 16L << 10;

    /// <summary>Measures the roofline in about two seconds.</summary>
    /// <param name="threads">Number of threads; 0 for one per processor.</param>
    /// <param name="largestMemory">Bytes of the largest working set; sizes are 16 KiB and every fourfold of it up to this.</param>
    public static Roofline Measure(int threads, long largestMemory = LargestMemory)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(largestMemory, SmallestMemory);
        int workers = threads == 0 ? Environment.ProcessorCount : threads;
        return SimdBackend.VectorBits switch
        {
            512 => Measure<Lanes512>(workers, largestMemory),
            256 => Measure<Lanes256>(workers, largestMemory),
            _ => Measure<Lanes128>(workers, largestMemory),
        };
    }

    private static Roofline Measure<TVector>(int workers, long largestMemory)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        using var pool = new WorkerPool(workers);
        double[] rates = PeakFlops<TVector>.Measure(pool);
        List<MemoryBandwidth> memory = [];
        for (long bytes = SmallestMemory; bytes <= largestMemory; bytes *= 4)
        {
            (double read, double copy) = PeakBandwidth<TVector>.Measure(pool, bytes);
            memory.Add(new MemoryBandwidth(bytes, read, copy));
        }

        Array.Sort(rates);
        return new Roofline(workers, TVector.Count * 32, rates[^1], rates[rates.Length / 2], memory);
    }
}
