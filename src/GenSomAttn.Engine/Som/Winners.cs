using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Som;

/// <summary>The units nearest to each of N samples.</summary>
/// <param name="Bmu">(N), the nearest.</param>
/// <param name="Second">(N), the second nearest; -1 on a map of one unit.</param>
/// <param name="SquaredDistances">(N, 2), squared distances to both.</param>
public readonly record struct Winners(DeviceView<int> Bmu, DeviceView<int> Second, DeviceView<float> SquaredDistances);
