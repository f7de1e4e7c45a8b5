using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
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
    public void RandomNormal_AnyLength_HasTheBitsOfPhilox(int length, string accelerator)
    {
        float[] expected = [.. Enumerable.Range(0, length).Select(i => Philox.Normal(Key, (uint)i))];
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(length);
        backend.RandomNormal(Key, output);
        Compare.SameBits("normal", output.ToArray(), expected);
    }
}
