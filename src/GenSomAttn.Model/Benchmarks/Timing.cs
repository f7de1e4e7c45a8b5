using System.Diagnostics;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Statistics of repeated time measurements, with the warm-up separate from the steady state.</summary>
public sealed record Timing
{
    /// <summary>Number of samples after the warm-up.</summary>
    public required int Samples { get; init; }

    /// <summary>Median of the samples.</summary>
    public required double MedianMicroseconds { get; init; }

    /// <summary>Minimum of the samples.</summary>
    public required double MinMicroseconds { get; init; }

    /// <summary>90th percentile of the samples.</summary>
    public required double P90Microseconds { get; init; }

    /// <summary>Maximum of the samples.</summary>
    public required double MaxMicroseconds { get; init; }

    /// <summary>First call: JIT compilation, workspace allocation, page faults. Without a warm-up, the first sample.</summary>
    public required double FirstMicroseconds { get; init; }

    /// <summary>Total time of the warm-up, including the first call.</summary>
    public required double WarmUpMicroseconds { get; init; }

    /// <summary>Number of calls in the warm-up.</summary>
    public required int WarmUpSamples { get; init; }

    /// <summary>Computes the throughput per second of a quantity of which one sample processes <paramref name="amount"/>.</summary>
    public double PerSecond(double amount) => amount / (MedianMicroseconds * 1e-6);

    /// <summary>Computes the statistics of times in ticks of <see cref="Stopwatch"/>.</summary>
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

    /// <summary>Times repeated calls of an action.</summary>
    /// <param name="duration">
    /// Minimum duration after the warm-up, which takes a fifth of it. There are at least five calls, unless they take ten times as long.
    /// </param>
    /// <param name="action">The action.</param>
    internal static Timing Measure(TimeSpan duration, Action action)
        => Of(Repeat(duration / 5, fewest: 2, action), Repeat(duration, fewest: 5, action));

    /// <summary>Times actions in turn, after a call of each for warm-up.</summary>
    /// <param name="actions">The actions.</param>
    /// <param name="rounds">Timed calls of each.</param>
    internal static IReadOnlyDictionary<TKey, Timing> MeasureInTurn<TKey>(IReadOnlyDictionary<TKey, Action> actions, int rounds)
        where TKey : notnull
    {
        Dictionary<TKey, List<long>> ticks = actions.Keys.ToDictionary(key => key, _ => new List<long>());
        for (int round = 0; round <= rounds; round++)
        {
            foreach ((TKey key, Action action) in actions)
            {
                long start = Stopwatch.GetTimestamp();
                action();
                ticks[key].Add(Stopwatch.GetTimestamp() - start);
            }
        }

        return ticks.ToDictionary(pair => pair.Key, pair => Of([pair.Value[0]], [.. pair.Value.Skip(1)]));
    }

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
