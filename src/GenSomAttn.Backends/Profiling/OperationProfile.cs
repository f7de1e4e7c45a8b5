using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Profiling;

/// <summary>What one operation, at one set of sizes, took in the steps of a measurement.</summary>
public abstract class OperationProfile
{
    private readonly long[] _ticksOfSteps;
    private readonly int[] _callsOfSteps;
    private long _ticks;
    private int _calls;

    private protected OperationProfile(string operation, string sizes, int steps)
    {
        Operation = operation;
        Sizes = sizes;
        _ticksOfSteps = new long[steps];
        _callsOfSteps = new int[steps];
    }

    /// <summary>Name of the method of <see cref="Backend{T}"/>.</summary>
    public string Operation { get; }

    /// <summary>Its sizes, for a person: "128 of 64x7x7 -> 32x14x14".</summary>
    public string Sizes { get; }

    /// <summary>
    /// Arithmetic of one call: multiplications and additions of products; what is done element by element counts nothing.
    /// </summary>
    public long Flops { get; internal set; }

    /// <summary>
    /// Bytes that one call cannot avoid to move: every input read once, every output written once, and read if it is added to.
    /// </summary>
    public long Bytes { get; private set; }

    /// <summary>Kernels that one call launches; null where nothing is launched.</summary>
    public long? Launches { get; private set; }

    /// <summary>Time in each step, in ticks of <see cref="System.Diagnostics.Stopwatch"/>: all calls of the step together.</summary>
    public ReadOnlySpan<long> TicksOfSteps => _ticksOfSteps;

    /// <summary>Calls in each step.</summary>
    public ReadOnlySpan<int> CallsOfSteps => _callsOfSteps;

    internal void AddBytes(long bytes) => Bytes += bytes;

    internal void Add(long ticks, long? launches)
    {
        Launches = launches;
        _ticks += ticks;
        _calls++;
    }

    internal void BeginStep()
    {
        _ticks = 0;
        _calls = 0;
    }

    internal void EndStep(int step)
    {
        _ticksOfSteps[step] = _ticks;
        _callsOfSteps[step] = _calls;
    }
}

/// <summary>The same with the sizes as a value, by which it is found again.</summary>
internal sealed class OperationProfile<TSizes>(string operation, TSizes sizes, int steps)
    : OperationProfile(operation, OperationSizes.Describe(sizes), steps)
    where TSizes : struct, IOperationSizes
{
    private readonly TSizes _sizes = sizes;

    public bool IsOf(string operation, TSizes sizes) => EqualityComparer<TSizes>.Default.Equals(_sizes, sizes) && Operation == operation;
}
