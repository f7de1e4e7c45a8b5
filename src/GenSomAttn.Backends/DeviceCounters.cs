namespace GenSomAttn.Backends;

/// <summary>Totals of a device since it was opened.</summary>
/// <param name="Launches">Kernels launched.</param>
/// <param name="BytesToDevice">Bytes copied from the host.</param>
/// <param name="BytesToHost">Bytes copied to the host.</param>
/// <param name="Allocations">Buffers allocated.</param>
public readonly record struct DeviceCounters(long Launches, long BytesToDevice, long BytesToHost, long Allocations);
