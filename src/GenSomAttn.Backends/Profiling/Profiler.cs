using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Profiling;

/// <summary>
/// Times every operation of a backend while it is attached: a row for each operation and set of sizes. Steady state allocates nothing. A
/// profiled step is never captured as a CUDA graph: a replay would pass by the profiler.
/// </summary>
public sealed class Profiler : IOperationObserver, IDisposable
{
    private readonly Backend<float> _backend;
    private readonly int _maxSteps;
    private readonly DeviceBuffer<float>? _awaited;
    private readonly List<OperationProfile> _profiles = [];
    private int _next;
    private OperationProfile? _current;
    private bool _isNew;
    private long? _launched;
    private long _began;

    /// <summary>Attaches itself to a backend, which stays the caller's.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="steps">Steps that are kept at most.</param>
    /// <param name="waits">
    /// Whether a call lasts until the device has completed it; else until it is queued. Makes no difference where the host computes.
    /// </param>
    public Profiler(Backend<float> backend, int steps, bool waits = false)
    {
        ArgumentNullException.ThrowIfNull(backend);
        _backend = backend;
        _maxSteps = steps;
        _awaited = waits && !backend.ComputesInHostMemory ? backend.Allocate<float>(1) : null;
        backend.Observer = this;
    }

    /// <summary>Steps that were kept.</summary>
    public int Steps { get; private set; }

    /// <summary>The rows, in the order of the operations' first calls.</summary>
    public IReadOnlyList<OperationProfile> Profiles => _profiles;

    /// <summary>Starts a step; calls since the last kept step are discarded.</summary>
    public void BeginStep()
    {
        foreach (OperationProfile profile in _profiles)
        {
            profile.BeginStep();
        }
    }

    /// <summary>Ends a step and keeps its calls.</summary>
    /// <exception cref="InvalidOperationException">As many steps as were planned are kept already.</exception>
    public void EndStep()
    {
        if (Steps == _maxSteps)
        {
            throw new InvalidOperationException($"{_maxSteps} steps were planned, and all are kept already.");
        }

        foreach (OperationProfile profile in _profiles)
        {
            profile.EndStep(Steps);
        }

        Steps++;
        BeginStep();
    }

    /// <summary>Detaches itself from the backend.</summary>
    public void Dispose()
    {
        _backend.Observer = null;
        _awaited?.Dispose();
    }

    void IOperationObserver.Begin<TSizes>(string operation, TSizes sizes)
    {
        // A step calls the same operations in the same order as the last, so the row is most often the one after the last found.
        _isNew = false;
        for (int i = 0; i < _profiles.Count; i++)
        {
            int at = (_next + i) % _profiles.Count;
            if (_profiles[at] is OperationProfile<TSizes> known && known.IsOf(operation, sizes))
            {
                _next = at + 1;
                _current = known;
                return;
            }
        }

        _current = new OperationProfile<TSizes>(operation, sizes, _maxSteps);
        _isNew = true;
    }

    void IOperationObserver.Operand<TElement>(string operand, Access access, DeviceView<TElement> view, int elements)
    {
        if (_isNew && access != Access.Use)
        {
            _current!.AddBytes((access == Access.Update ? 2L : 1L) * elements * Unsafe.SizeOf<TElement>());
        }
    }

    void IOperationObserver.Start(long flops)
    {
        if (_isNew)
        {
            _current!.Flops = flops;
            _profiles.Add(_current!);
            _next = 0;
        }

        _launched = _backend.Counters?.Launches;
        _began = Stopwatch.GetTimestamp();
    }

    void IOperationObserver.End()
    {
        // A copy from a device completes after everything that was queued before it.
        float number = 0;
        _awaited?.CopyTo(new Span<float>(ref number));
        _current!.Add(Stopwatch.GetTimestamp() - _began, _backend.Counters?.Launches - _launched);
    }
}
