using System.Diagnostics;

namespace GenSomAttn.Backends.Simd.Peaks;

/// <summary>Runs that are repeated for some time, because each may be disturbed by other processes.</summary>
internal static class RepeatedRuns
{
    /// <summary>Runs an action repeatedly and returns the rate of each run: amount per second, in 10^9.</summary>
    public static double[] Rates(double amount, TimeSpan duration, Action run)
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
