using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Formats;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// Decides which process writes the table of a comparison: of those that a launcher started together, rank 0, or if it has ended without
/// the table, the next to finish; without a launcher, the process that finishes the last training.
/// </summary>
internal sealed class TableLock : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly string _path;
    private IDisposable? _held;

    /// <summary>Makes rank 0 the writer.</summary>
    /// <param name="output">Folder of the comparison.</param>
    /// <exception cref="FileException">The folder is not writable.</exception>
    public TableLock(string output)
    {
        _path = Path.Combine(output, "table.lock");
        _held = RankGroup.Launch is { Rank: 0 } ? FileLock.TryTake(_path) : null;
    }

    /// <summary>Waits a moment for trainings of other ranks: one that dies leaves its training.</summary>
    /// <returns>False if there are no other ranks, or a signal came.</returns>
    public static bool WaitForOthers(StopSignals signals) => RankGroup.Launch is not null && !signals.Token.WaitHandle.WaitOne(Interval);

    /// <summary>Returns whether this process writes and prints the table.</summary>
    /// <param name="path">File of the table.</param>
    /// <param name="content">What it would write.</param>
    /// <exception cref="FileException">The folder is not writable.</exception>
    public bool IsOurs(string path, byte[] content)
    {
        if (RankGroup.Launch is null || _held is not null)
        {
            return true;
        }

        _held = FileLock.TryTake(_path);
        if (_held is null || (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)))
        {
            return false;
        }

        RankOutput.Restore();
        return true;
    }

    /// <summary>Ends a process without a table, while others still train; the last of them writes it. Returns the exit code.</summary>
    /// <param name="left">Number of trainings that are left.</param>
    /// <param name="json">Whether to print the result as JSON.</param>
    public static int LeaveToOthers(int left, bool json)
    {
        Console.Error.WriteLine($"{left} left to other processes in the same folder; the last of them writes the table");
        if (json)
        {
            JsonOutput.Write(new { Left = left });
        }

        return ExitCodes.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();
}
