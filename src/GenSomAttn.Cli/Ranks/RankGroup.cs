using System.Numerics;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Ranks;

/// <summary>The processes that a launcher, such as mpirun, started together with this one; a process alone is the only rank.</summary>
internal static class RankGroup
{
    private static readonly string[] Verbs = ["train", "resume", "compare"];
    private static readonly TimeSpan TimeToReport = TimeSpan.FromSeconds(5);
    private static MpiCommunicator? _mpi;

    /// <summary>How a launcher started this process; null if none did.</summary>
    public static MpiLaunch? Launch { get; } = MpiLaunch.FromEnvironment();

    /// <summary>Silences all ranks but the first; called before anything is written.</summary>
    /// <param name="verbose">Whether the others write to stderr, with their number before each line.</param>
    public static void Begin(bool verbose)
    {
        if (Launch is { Rank: > 0 and var rank })
        {
            RankOutput.Silence(rank, verbose);
        }
    }

    /// <summary>Refuses a verb that works in one process.</summary>
    /// <exception cref="UsageException">A launcher started several.</exception>
    public static void CheckVerb(string verb)
    {
        if (Launch is { } launch && !Verbs.Contains(verb))
        {
            throw new UsageException(
                $"{verb} works in one process, and {launch.Size} were started together: run it without mpirun or srun. "
                + $"{string.Join(", ", Verbs[..^1])} and {Verbs[^1]} use several.");
        }
    }

    /// <summary>Connects the ranks by MPI if there are several, or if a library is named; else nothing is loaded.</summary>
    /// <param name="library">The MPI library; null for the first that is there.</param>
    /// <param name="verbose">Whether ranks other than 0 write to stderr.</param>
    /// <exception cref="UsageException">The number of ranks is no power of two.</exception>
    /// <exception cref="MpiException">MPI cannot be used.</exception>
    public static ICommunicator Join(string? library, bool verbose)
    {
        if (Launch is null && library is null)
        {
            return new SingleRank();
        }

        CheckSize(Launch?.Size ?? 1);
        _mpi = MpiCommunicator.Start(Launch, library);
        CheckSize(_mpi.Size);
        if (_mpi.Rank > 0)
        {
            RankOutput.Silence(_mpi.Rank, verbose);
        }

        return _mpi;
    }

    /// <summary>Prepares a training on every rank, and ends all of them if one cannot or has another.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="prepare">Prepares it.</param>
    /// <param name="facts">Returns what must be the same.</param>
    /// <exception cref="RankFaultException">They cannot train together; thrown on every rank.</exception>
    public static T Agree<T>(ICommunicator ranks, Func<T> prepare, Func<T, RankFacts> facts)
        where T : class, IDisposable
    {
        if (ranks.Size == 1)
        {
            return prepare();
        }

        T? prepared = null;
        Exception? fault = null;
        RankFacts own;
        try
        {
            prepared = prepare();
            own = facts(prepared);
        }
        catch (Exception exception)
        {
            fault = exception;
            own = RankFacts.Of(exception);
        }

        RankFacts[] all = [.. ranks.AllGatherLists(own.ToBytes()).Select(RankFacts.Parse)];
        if (RankFacts.ProblemOf(all) is { } problem)
        {
            prepared?.Dispose();
            throw fault as OperationCanceledException ?? (Exception)new RankFaultException(problem.Message, problem.ExitCode, fault);
        }

        Console.Error.WriteLine(RankFacts.Places(all));
        return prepared!;
    }

    /// <summary>Disconnects the ranks; every rank calls it.</summary>
    public static void Leave()
    {
        _mpi?.Finish();
        _mpi = null;
    }

    /// <summary>
    /// Lets rank 0 report a fault that every rank has before they are connected: the first exit code makes mpirun end the others.
    /// </summary>
    /// <param name="code">The exit code, which is returned.</param>
    public static int WaitForReport(int code)
    {
        if (Launch is { Rank: > 0 } && code != ExitCodes.Done)
        {
            Thread.Sleep(TimeToReport);
        }

        return code;
    }

    /// <summary>Reports a fault and returns the exit code; ends the other ranks unless they know of it.</summary>
    public static int Fail(Exception exception, bool verbose)
    {
        // Every rank has the same losses, so that all find them not finite at the same step; rank 0 reports it and ends the others.
        bool isShared = exception is RankFaultException || (exception is TrainingDivergedException && _mpi is { Rank: > 0 });
        bool isBeforeStart = _mpi is null && exception is UsageException or MpiException;
        if (!isShared && !isBeforeStart)
        {
            RankOutput.RestoreError();
        }

        int code = ErrorReport.Write(exception, verbose, Console.Error);
        if (_mpi is null)
        {
            return isBeforeStart ? WaitForReport(code) : code;
        }

        if (isShared)
        {
            Leave();
        }
        else
        {
            _mpi.Abort(code);
        }

        return code;
    }

    private static void CheckSize(int size)
    {
        if (!BitOperations.IsPow2(size))
        {
            throw new UsageException($"{size} ranks cannot train together: start 2, 4, 8 or another power of two, --shards at most.");
        }
    }
}
