using System.Diagnostics;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Progress of a verb without a display of its own: if it takes more than five seconds, a line on stderr with the time and, where a number
/// is known, the share that is done, then one every ten seconds. Only on a terminal: logs stay short.
/// </summary>
internal sealed class WorkingTime : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5), Interval = TimeSpan.FromSeconds(10);

    /// <summary>Verbs that show their own progress.</summary>
    private static readonly string[] WithProgress = ["train", "resume", "compare"];

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Timer? _timer;

    /// <summary>Starts the time.</summary>
    /// <param name="verb">Name of the verb.</param>
    public WorkingTime(string verb)
    {
        if (!Console.IsErrorRedirected && !WithProgress.Contains(verb))
        {
            _timer = new Timer(_ => Tell(verb), null, First, Interval);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Tell(string verb) =>
        Console.Error.WriteLine($"{verb}: working, {(int)Stopwatch.GetElapsedTime(_began).TotalSeconds} s so far{WorkDone.Text}");
}
