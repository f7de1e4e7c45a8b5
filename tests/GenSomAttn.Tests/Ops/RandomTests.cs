using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Kernels;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Random numbers of the backends: the same bits everywhere.</summary>
public sealed class RandomTests
{
    private static readonly RandomKey Key = new(0x0123456789ABCDEF, RandomPurpose.Check, 3);

    private static IEnumerable<TestCaseData> Lengths => AllBackends.Each(1, 3, 33, 1025, 40_001);

    [TestCaseSource(nameof(Lengths))]
    public void RandomUniform_AnyLength_HasTheBitsOfPhilox(int length, string accelerator)
    {
        float[] expected = [.. Enumerable.Range(0, length).Select(i => Philox.Uniform(Key, (uint)i))];
        Compare.SameBits("uniform", Drawn(accelerator, length, (backend, output) => backend.RandomUniform(Key, output)), expected);
    }

    [TestCaseSource(nameof(Lengths))]
    public void RandomNormal_AnyLength_HasTheBitsOfPhilox(int length, string accelerator)
    {
        float[] expected = [.. Enumerable.Range(0, length).Select(i => Philox.Normal(Key, (uint)i))];
        Compare.SameBits("normal", Drawn(accelerator, length, (backend, output) => backend.RandomNormal(Key, output)), expected);
    }

    private static float[] Drawn(string accelerator, int length, Action<IBackend, DeviceView<float>> draw)
    {
        using IBackend backend = AllBackends.Create(accelerator);
        using ScratchBuffers scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(length);
        draw(backend, output);
        return output.ToArray();
    }
}
