using System.Diagnostics;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// How long a reader takes: the time that has passed, or what this process has computed in it if that is less, since other processes may
/// want the processor for much longer than any reader does.
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

    /// <summary>Begins to count.</summary>
    public static ReadingTime Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
}
