using System.Diagnostics;
using System.Globalization;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// Passes files to a reader and counts the outcomes. An outcome is bad if the reader refuses a file with another exception or without
/// naming it, takes too much time or memory, or accepts a file that does not round-trip.
/// </summary>
internal sealed class HostileTrial
{
    private const int KeptFaults = 5;

    private readonly HostileReader _reader;
    private readonly List<string> _faults = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private int _inputs;
    private int _accepted;
    private int _bad;
    private TimeSpan _slowest;
    private long _most;

    public HostileTrial(HostileReader reader)
    {
        _reader = reader;
        foreach (byte[] seed in reader.Seeds)
        {
            Try(seed, written => written is null ? "a valid file is refused" : null);
        }
    }

    /// <summary>The first few bad outcomes, with their input.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Number of refused files, rightly or wrongly.</summary>
    public int Refused => _inputs - _accepted;

    /// <summary>Message of the last refusal; empty if the last file was accepted.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Passes a file to the reader.</summary>
    /// <param name="input">The content.</param>
    /// <param name="judge">Returns the fault of the rewritten data; receives null if the file was refused.
    /// </param>
    public void Try(byte[] input, Func<byte[]?, string?>? judge = null)
    {
        _inputs++;
        byte[] given = [.. input];
        string? fault = TryRead(input, out byte[]? written) ?? judge?.Invoke(written);
        _accepted += written is null ? 0 : 1;
        fault ??= input.AsSpan().SequenceEqual(given) ? null : "changes its input";
        if (fault is null)
        {
            return;
        }

        _bad++;
        if (_faults.Count < KeptFaults)
        {
            _faults.Add($"{_reader}: {fault}; {given.Length} bytes: {Convert.ToBase64String(given)}");
        }
    }

    /// <summary>Summary of all outcomes, on one line of a fixed format.</summary>
    public string Summary(string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {_reader} {_inputs} inputs, {_accepted} accepted, {Refused} refused, {_bad} bad, "
        + $"slowest {Math.Ceiling(_slowest.TotalMilliseconds)} ms, most {Math.Ceiling(_most / 1e3)} kB, "
        + $"{Stopwatch.GetElapsedTime(_began).TotalSeconds:0.0} s");

    private string? TryRead(byte[] input, out byte[]? written)
    {
        written = null;
        string? fault = Measure(input, out Func<byte[]>? write);

        // One-time delays, such as compiling a method or waiting for another process, are not the reader's fault.
        fault = fault is null ? null : Measure(input, out write);
        if ((fault is not null) || (write is null))
        {
            return fault;
        }

        try
        {
            written = write();
            return _reader.Read(written)().AsSpan().SequenceEqual(written) ? null : "what it read is written differently again";
        }
        catch (Exception exception)
        {
            return $"what it read cannot be written and read again: {exception}";
        }
    }

    private string? Measure(byte[] input, out Func<byte[]>? write)
    {
        write = null;
        string? fault = null;
        long memory = GC.GetAllocatedBytesForCurrentThread();
        var clock = ReadingTime.Start();
        try
        {
            write = _reader.Read(input);
            Outcome = "";
        }
        catch (Exception exception) when (exception.GetType() == _reader.Refusal)
        {
            Outcome = exception.Message;
            bool isNamed = exception.Message.Contains(_reader.Named, StringComparison.Ordinal);
            fault = isNamed ? null : $"does not name the file: {exception.Message}";
        }
        catch (Exception exception)
        {
            fault = $"throws what is not declared: {exception}";
        }

        TimeSpan time = clock.Elapsed;
        memory = GC.GetAllocatedBytesForCurrentThread() - memory;
        long allowed = ((long)_reader.Memory.PerByte * input.Length) + _reader.Memory.Constant;
        _slowest = time > _slowest ? time : _slowest;
        _most = Math.Max(_most, memory);
        return fault
            ?? (time > _reader.Slowest ? $"takes {time.TotalSeconds:0.0} s" : null)
            ?? (memory > allowed ? $"allocates {memory} bytes, {allowed} are allowed" : null);
    }
}
