using System.Diagnostics;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>How long something took that was done again and again; the warm-up is told apart from the steady state after it.</summary>
public sealed record Timing
{
    /// <summary>Times that it was done after the warm-up.</summary>
    public required int Samples { get; init; }

    /// <summary>Median of the samples.</summary>
    public required double MedianMicroseconds { get; init; }

    /// <summary>Shortest of the samples.</summary>
    public required double MinMicroseconds { get; init; }

    /// <summary>Nine of ten samples took no longer.</summary>
    public required double P90Microseconds { get; init; }

    /// <summary>Longest of the samples.</summary>
    public required double MaxMicroseconds { get; init; }

    /// <summary>The very first time: compiling, growing of workspace, touching memory. Without a warm-up, the first sample.</summary>
    public required double FirstMicroseconds { get; init; }

    /// <summary>All of the warm-up together, the first time included.</summary>
    public required double WarmUpMicroseconds { get; init; }

    /// <summary>Times that it was done in the warm-up.</summary>
    public required int WarmUpSamples { get; init; }

    /// <summary>How often a second something happens of which one sample holds so many.</summary>
    public double PerSecond(double amount) => amount / (MedianMicroseconds * 1e-6);

    /// <summary>The statistics of times in ticks of <see cref="Stopwatch"/>.</summary>
    /// <param name="warmUp">Times of the warm-up, in their order.</param>
    /// <param name="samples">Times after it; at least one.</param>
    public static Timing Of(ReadOnlySpan<long> warmUp, ReadOnlySpan<long> samples)
    {
        long[] sorted = samples.ToArray();
        Array.Sort(sorted);
        long warmUpSum = 0;
        foreach (long ticks in warmUp)
        {
            warmUpSum += ticks;
        }

        return new Timing
        {
            Samples = sorted.Length,
            MedianMicroseconds = MedianOfSorted(sorted),
            MinMicroseconds = Microseconds(sorted[0]),
            P90Microseconds = Microseconds(sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1]),
            MaxMicroseconds = Microseconds(sorted[^1]),
            FirstMicroseconds = Microseconds(warmUp.IsEmpty ? samples[0] : warmUp[0]),
            WarmUpMicroseconds = Microseconds(warmUpSum),
            WarmUpSamples = warmUp.Length,
        };
    }

    /// <summary>Does something again and again.</summary>
    /// <param name="duration">
    /// Goes on at least so long after the warm-up, which takes a fifth of it; and five times, unless that took ten times as long.
    /// </param>
    /// <param name="action">What to do.</param>
    internal static Timing Measure(TimeSpan duration, Action action)
        => Of(Repeat(duration / 5, fewest: 2, action), Repeat(duration, fewest: 5, action));

    private static long[] Repeat(TimeSpan duration, int fewest, Action action)
    {
        List<long> ticks = [];
        long began = Stopwatch.GetTimestamp();
        TimeSpan elapsed = default;
        while (elapsed < duration || (ticks.Count < fewest && elapsed < 10 * duration))
        {
            long start = Stopwatch.GetTimestamp();
            action();
            ticks.Add(Stopwatch.GetTimestamp() - start);
            elapsed = Stopwatch.GetElapsedTime(began);
        }

        return [.. ticks];
    }

    private static double MedianOfSorted(long[] sorted)
        => (Microseconds(sorted[(sorted.Length - 1) / 2]) + Microseconds(sorted[sorted.Length / 2])) / 2;

    private static double Microseconds(long ticks) => ticks * (1e6 / Stopwatch.Frequency);
}
