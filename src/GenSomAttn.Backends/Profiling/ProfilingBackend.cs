using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Profiling;

/// <summary>
/// Times every operation of another backend, from outside: each is passed on as it is and keeps a row for each set of sizes that it
/// is called with. Steady state allocates nothing.
/// </summary>
/// <param name="inner">Who computes. It stays the caller's.</param>
/// <param name="steps">Most steps that are kept.</param>
/// <param name="waits">
/// Whether a call lasts until the device has done what it was asked; else until it was asked. Makes no difference where the host computes.
/// </param>
public sealed partial class ProfilingBackend(IBackend inner, int steps, bool waits = false) : IBackend
{
    private readonly List<OperationProfile> _profiles = [];
    private readonly DeviceBuffer<float>? _awaited = waits && !inner.ComputesInHostMemory ? inner.Allocate<float>(1) : null;
    private int _next;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public bool ComputesInHostMemory => inner.ComputesInHostMemory;

    /// <inheritdoc/>
    public DeviceCounters? Counters => inner.Counters;

    /// <summary>Steps that were kept.</summary>
    public int Steps { get; private set; }

    /// <summary>The rows, in the order of the operations' first calls.</summary>
    public IReadOnlyList<OperationProfile> Profiles => _profiles;

    /// <summary>Starts a step; what was called since the last kept step is forgotten.</summary>
    public void BeginStep()
    {
        foreach (OperationProfile profile in _profiles)
        {
            profile.BeginStep();
        }
    }

    /// <summary>Ends a step and keeps what was called in it.</summary>
    /// <exception cref="InvalidOperationException">As many steps as were planned are kept already.</exception>
    public void EndStep()
    {
        if (Steps == steps)
        {
            throw new InvalidOperationException($"{steps} steps were planned, and all are kept already.");
        }

        foreach (OperationProfile profile in _profiles)
        {
            profile.EndStep(Steps);
        }

        Steps++;
        BeginStep();
    }

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(int length)
        where T : unmanaged => inner.Allocate<T>(length);

    /// <inheritdoc/>
    public DeviceBuffer<T> Adopt<T>(T[] elements)
        where T : unmanaged => inner.Adopt(elements);

    /// <inheritdoc/>
    public void Dispose() => _awaited?.Dispose();

    /// <summary>Times the method that calls it, until the result is disposed.</summary>
    /// <param name="sizes">What tells calls of one operation apart.</param>
    /// <param name="flops">Arithmetic of the call.</param>
    /// <param name="bytes">Bytes that the call cannot avoid to move.</param>
    /// <param name="operation">The method.</param>
    private Timing Time<TSizes>(TSizes sizes, long flops, long bytes, [CallerMemberName] string operation = "")
        where TSizes : struct, IEquatable<TSizes> => new(this, Find(operation, sizes, flops, bytes));

    /// <summary>The row of an operation; a new one at its first call.</summary>
    private OperationProfile Find<TSizes>(string operation, TSizes sizes, long flops, long bytes)
        where TSizes : struct, IEquatable<TSizes>
    {
        // A step calls the same operations in the same order as the last, so the row is most often the one after the last found.
        for (int i = 0; i < _profiles.Count; i++)
        {
            int at = (_next + i) % _profiles.Count;
            if (_profiles[at] is OperationProfile<TSizes> known && known.IsOf(operation, sizes))
            {
                _next = at + 1;
                return known;
            }
        }

        OperationProfile profile = new OperationProfile<TSizes>(operation, sizes, flops, bytes, steps);
        _profiles.Add(profile);
        _next = 0;
        return profile;
    }

    /// <summary>Bytes of some operands; one that is read and written is named twice.</summary>
    private static long Bytes(params ReadOnlySpan<DeviceView<float>> operands)
    {
        long elements = 0;
        foreach (DeviceView<float> operand in operands)
        {
            elements += operand.Length;
        }

        return sizeof(float) * elements;
    }

    private static long Bytes(DeviceView<int> operand) => sizeof(int) * (long)operand.Length;

    /// <summary>Copies from a device come after all that it was asked before.</summary>
    private void Wait()
    {
        float number = 0;
        _awaited?.CopyTo(new Span<float>(ref number));
    }

    /// <summary>A call in progress.</summary>
    private readonly ref struct Timing(ProfilingBackend profiler, OperationProfile profile)
    {
        private readonly long? _launched = profiler.Counters?.Launches;
        private readonly long _began = Stopwatch.GetTimestamp();

        public void Dispose()
        {
            profiler.Wait();
            profile.Add(Stopwatch.GetTimestamp() - _began, profiler.Counters?.Launches - _launched);
        }
    }
}
