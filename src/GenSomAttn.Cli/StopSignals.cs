using System.Runtime.InteropServices;

namespace GenSomAttn.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP while it lives: the first asks the work to stop at the next step, so that it can save, or to give up if
/// it has not begun; the second ends the process at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private int _count;
    private bool _isOver;

    private StopSignals()
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

    /// <summary>
    /// Runs a command that trains, and listens from its beginning: while it reads its data there is nothing to save, and it ends as soon
    /// as it looks at <see cref="Token"/>.
    /// </summary>
    /// <param name="command">
    /// The command; returns the exit code. Before it writes anything it may end by an <see cref="OperationCanceledException"/>.
    /// </param>
    public static int Run(Func<StopSignals, int> command)
    {
        using var signals = new StopSignals();
        try
        {
            return command(signals);
        }
        catch (OperationCanceledException) when (signals.Received is not null)
        {
            Console.Error.WriteLine($"stopped by {signals.Received} before the training began; nothing was written");
            return signals.ExitCode;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        // A signal that came just before may still be about to cancel; the work is over, and it changes nothing anymore.
        lock (_gate)
        {
            _isOver = true;
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

        lock (_gate)
        {
            if (!_isOver)
            {
                Received = context.Signal;
                _stop.Cancel();
            }
        }
    }
}
