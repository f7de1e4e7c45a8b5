using System.Diagnostics;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// Duration of a read: the smaller of elapsed time and this process's CPU time, because other processes may occupy the processor for
/// much longer than a read takes.
/// </summary>
internal readonly record struct ReadingTime(long Began, TimeSpan Computed)
{
    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            TimeSpan passed = Stopwatch.GetElapsedTime(Began);
            TimeSpan computed = Environment.CpuUsage.TotalTime - Computed;
            return computed < passed ? computed : passed;
        }
    }

    /// <summary>Starts the measurement.</summary>
    public static ReadingTime Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
}
