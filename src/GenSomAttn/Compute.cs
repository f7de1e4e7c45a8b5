namespace GenSomAttn;

/// <summary>Where a model computes.</summary>
/// <param name="Accelerator">
/// "cpu", the processor; "cuda" or "opencl", a GPU; "auto", a CUDA device if there is one, else the processor. Nothing else is taken in the
/// place of a device that is named.
/// </param>
/// <param name="Threads">Threads on the processor, 0 for one per processor, at most 1024.</param>
/// <param name="Device">Index among several devices of the accelerator, from 0.</param>
public sealed record Compute(string Accelerator = "auto", int Threads = 0, int Device = 0);
