namespace GenSomAttn.Cli.Execution;

/// <summary>A fault on one of several ranks that all of them know of: each ends by itself.</summary>
/// <param name="message">Which rank, and why.</param>
/// <param name="exitCode">Exit code of all ranks.</param>
/// <param name="innerException">The fault, if it is of this rank.</param>
internal sealed class RankFaultException(string message, int exitCode, Exception? innerException) : Exception(message, innerException)
{
    /// <summary>Exit code of all ranks.</summary>
    public int ExitCode { get; } = exitCode;
}
