using System.Runtime.InteropServices;

namespace GenSomAttn.Cli.Execution;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCodes
{
    /// <summary>Success.</summary>
    public const int Done = 0;

    /// <summary>The work failed: a loss that is not finite, a gradient that does not agree, a fault in the program.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not valid.</summary>
    public const int Usage = 2;

    /// <summary>Data, a run directory or a file is missing, damaged or not writable.</summary>
    public const int DataOrFile = 3;

    /// <summary>The accelerator is not available.</summary>
    public const int Accelerator = 4;

    /// <summary>Stopped by a signal after saving: 128 plus the signal's number, the convention of shells.</summary>
    public static int StoppedBy(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 129,
        PosixSignal.SIGINT => 130,
        PosixSignal.SIGTERM => 143,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "No exit code stands for this signal."),
    };
}
