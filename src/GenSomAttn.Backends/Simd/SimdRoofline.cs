using System.Diagnostics;

namespace GenSomAttn.Backends.Simd;

/// <summary>What the processor can do at most, measured: the roof over every operation (Williams, Waterman and Patterson 2009).</summary>
/// <param name="Threads">Threads that computed.</param>
/// <param name="VectorBits">Width of the vectors.</param>
/// <param name="GigaflopsPerSecond">Multiplications and additions in registers alone, best of all runs.</param>
/// <param name="MedianGigaflopsPerSecond">Median of the runs: where it is much lower, others used the processor too.</param>
/// <param name="Memory">Bandwidths, from the smallest to the largest number of bytes.</param>
public sealed record Roofline(
    int Threads, int VectorBits, double GigaflopsPerSecond, double MedianGigaflopsPerSecond, IReadOnlyList<MemoryBandwidth> Memory)
{
    /// <summary>
    /// Bandwidth, in GB/s, that so many bytes cannot exceed: of the faster way over the largest measured number of bytes that is not above
    /// this one, because fewer bytes are never slower.
    /// </summary>
    public double GigabytesPerSecondOf(long bytes)
    {
        MemoryBandwidth point = Memory.LastOrDefault(each => each.Bytes <= bytes) ?? Memory[0];
        return Math.Max(point.ReadGigabytesPerSecond, point.CopyGigabytesPerSecond);
    }
}

/// <summary>How fast so many bytes can be gone through again and again; small numbers of them stay in a cache.</summary>
/// <param name="Bytes">Bytes of all threads together; each goes through a part of its own.</param>
/// <param name="ReadGigabytesPerSecond">Reading, 10^9 bytes a second, best of all runs.</param>
/// <param name="CopyGigabytesPerSecond">Copying one half to the other, bytes read and bytes written, best of all runs.</param>
public sealed record MemoryBandwidth(long Bytes, double ReadGigabytesPerSecond, double CopyGigabytesPerSecond);

/// <summary>Measures the roof of the processor with the vectors that <see cref="SimdBackend"/> computes with.</summary>
public static class SimdRoofline
{
    /// <summary>Bytes of the largest memory that is measured by default: more than caches hold.</summary>
    public const long LargestMemory = 256L << 20;

    private const long SmallestMemory = 16L << 10;

    /// <summary>Measures for about two seconds.</summary>
    /// <param name="threads">Threads that compute; 0 for one a processor.</param>
    /// <param name="largestMemory">Bytes of the largest memory; sizes are 16 KiB and every fourfold of it up to this.</param>
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
            memory.Add(PeakBandwidth<TVector>.Measure(pool, bytes));
        }

        Array.Sort(rates);
        return new Roofline(workers, TVector.Count * 32, rates[^1], rates[rates.Length / 2], memory);
    }

    /// <summary>Runs something for a while and returns its rates: amount a second, in 10^9, of each run.</summary>
    internal static double[] Rates(double amount, TimeSpan duration, Action run)
    {
        const int FewestRuns = 5;
        run();
        List<double> rates = [];
        long began = Stopwatch.GetTimestamp();
        while (rates.Count < FewestRuns || Stopwatch.GetElapsedTime(began) < duration)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            rates.Add(amount / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        return [.. rates];
    }
}
