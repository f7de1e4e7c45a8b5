using GenSomAttn.Kernels;

namespace GenSomAttn.Backends;

/// <summary>Random numbers: element i depends on the key and i alone (<see cref="Philox"/>), so all backends draw the same.</summary>
public interface IRandomOps
{
    /// <summary>Uniform numbers in [0, 1). Overwrites <paramref name="output"/>.</summary>
    void RandomUniform(RandomKey key, DeviceView<float> output);

    /// <summary>Standard normal numbers. Overwrites <paramref name="output"/>.</summary>
    void RandomNormal(RandomKey key, DeviceView<float> output);
}
