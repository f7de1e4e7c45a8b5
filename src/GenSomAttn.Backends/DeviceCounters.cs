namespace GenSomAttn.Backends;

/// <summary>What a device was asked to do so far. Read twice, the differences tell what a piece of work cost.</summary>
/// <param name="Launches">Kernels launched.</param>
/// <param name="BytesToDevice">Bytes copied from the host.</param>
/// <param name="BytesToHost">Bytes copied to the host.</param>
/// <param name="Allocations">Buffers allocated.</param>
public readonly record struct DeviceCounters(long Launches, long BytesToDevice, long BytesToHost, long Allocations)
{
    /// <summary>What was added since an earlier reading.</summary>
    public DeviceCounters Since(DeviceCounters earlier) => new(
        Launches - earlier.Launches, BytesToDevice - earlier.BytesToDevice, BytesToHost - earlier.BytesToHost,
        Allocations - earlier.Allocations);
}
