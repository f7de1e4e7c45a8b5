namespace GenSomAttn.Backends;

/// <summary>A device that an accelerator can run on.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Name">Its name, as its driver tells.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Driver">Driver and version.</param>
/// <param name="Available">Whether it can run the kernels.</param>
/// <param name="Reason">Why it cannot, if so.</param>
public sealed record DeviceInfo(int Number, string Name, long MemoryBytes, string Driver, bool Available, string Reason);
