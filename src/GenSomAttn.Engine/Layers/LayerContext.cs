using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>What a layer is built with.</summary>
/// <param name="Backend">Who computes.</param>
/// <param name="Parameters">Where it declares its parameters.</param>
/// <param name="Memory">Where it takes its buffers.</param>
/// <param name="MaxBatch">Samples of the largest batch; the buffers are planned for it, a smaller batch uses their first part.</param>
public sealed record LayerContext(IBackend Backend, ParameterSet Parameters, DeviceMemory Memory, int MaxBatch);
