using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Som;

/// <summary>Best and second-best matching units (BMUs) of N samples.</summary>
/// <param name="Bmu">(N), the best matching units.</param>
/// <param name="Second">(N), the second-best; -1 on a map of one unit.</param>
/// <param name="SquaredDistances">(N, 2), squared Euclidean distances to both.</param>
public readonly record struct Winners(DeviceView<int> Bmu, DeviceView<int> Second, DeviceView<float> SquaredDistances);
