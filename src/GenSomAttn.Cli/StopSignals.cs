using System.Runtime.InteropServices;

namespace GenSomAttn.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP while it lives: the first asks the work to stop at the next step, so that it can save; the second ends
/// the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <summary>Starts to listen.</summary>
    public StopSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The first signal; null while there was none.</summary>
    public PosixSignal? Received { get; private set; }

    /// <summary>What the process ends with after <see cref="Received"/>.</summary>
    public int ExitCode => ExitCodes.StoppedBy(Received!.Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            Environment.Exit(ExitCodes.StoppedBy(context.Signal));
        }

        Received = context.Signal;
        _stop.Cancel();
    }
}
