using System.Runtime.InteropServices;

namespace GenSomAttn.Cli.Execution;

/// <summary>
/// Handler of SIGINT, SIGTERM and SIGHUP: the first signal cancels <see cref="Token"/>, so that the training stops at the next step and
/// saves, or ends if it has not begun; a further SIGINT or SIGTERM ends the process at once. A further SIGHUP does not: a terminal that
/// closes sends it twice, by the kernel and by the shell, and a machine that shuts down sends it after SIGTERM.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private bool _isStopping;
    private bool _isOver;

    private StopSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The first signal; null before it.</summary>
    public PosixSignal? Received { get; private set; }

    /// <summary>Exit code of the process after <see cref="Received"/>.</summary>
    public int ExitCode => ExitCodes.StoppedBy(Received!.Value);

    /// <summary>
    /// Runs a command that trains, with signals handled from its start: before the training there is nothing to save, and the command ends
    /// at its next check of <see cref="Token"/>.
    /// </summary>
    /// <param name="command">
    /// The command; returns the exit code. Until it has written a file it may throw <see cref="OperationCanceledException"/>.
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

    /// <summary>Returns the result of work that does not watch <see cref="Token"/>; a signal ends the wait for it.</summary>
    /// <exception cref="OperationCanceledException">There was a signal.</exception>
    public T WaitFor<T>(Func<T> work) => Task.Run(work).WaitAsync(Token).GetAwaiter().GetResult();

    /// <summary>Notes that another rank was asked to stop, and returns the exit code.</summary>
    public int StopWithOthers()
    {
        Received ??= PosixSignal.SIGTERM;
        return ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        // A handler may run concurrently with Dispose; with _isOver set it does not touch the disposed token source.
        lock (_gate)
        {
            _isOver = true;
        }

        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            if (!_isStopping)
            {
                _isStopping = true;
                Received = context.Signal;
                _stop.Cancel();
                return;
            }
        }

        if (context.Signal is not PosixSignal.SIGHUP)
        {
            Environment.Exit(ExitCodes.StoppedBy(context.Signal));
        }
    }
}
