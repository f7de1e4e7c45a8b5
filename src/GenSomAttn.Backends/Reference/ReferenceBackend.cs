namespace GenSomAttn.Backends.Reference;

/// <summary>
/// Runs <see cref="ReferenceOps{T}"/> in float on one thread: the backend that every other one is compared with. Every
/// operation checks its operands and hands their elements on.
/// </summary>
public sealed partial class ReferenceBackend : IBackend
{
    /// <inheritdoc/>
    public string Name => "reference";

    /// <inheritdoc/>
    public string Description => "plain loops, one thread";

    /// <inheritdoc/>
    public bool ComputesInHostMemory => true;

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(int length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return new HostBuffer<T>(length);
    }

    /// <summary>Nothing to give back: there are no threads and no device.</summary>
    public void Dispose()
    {
    }
}
