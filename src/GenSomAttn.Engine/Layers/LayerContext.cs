using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Layers;

/// <summary>Backend, parameter set, device memory and largest batch that a layer is built with.</summary>
/// <param name="Backend">Backend that runs the operations.</param>
/// <param name="Parameters">Set in which the layer declares its parameters.</param>
/// <param name="Memory">Owner of the layer's buffers.</param>
/// <param name="MaxBatch">Samples of the largest batch. Buffers are allocated for it; a smaller batch uses their first part.</param>
public sealed record LayerContext(Backend<float> Backend, ParameterSet Parameters, DeviceMemory Memory, int MaxBatch);
