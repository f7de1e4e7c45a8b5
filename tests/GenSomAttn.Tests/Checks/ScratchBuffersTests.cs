using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Checks;

/// <summary>The guard behind every buffer of a check: it finds writes beyond the end, or no test would.</summary>
public sealed class ScratchBuffersTests
{
    private static IEnumerable<TestCaseData> Lengths => AllBackends.Each(1, 33, 1025);

    [TestCaseSource(nameof(Lengths))]
    public void Dispose_OneElementWrittenBeyondTheEnd_NamesTheLength(int length, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        _ = scratch.Zeros<int>(length);
        DeviceView<float> view = scratch.Zeros<float>(length);
        view.Buffer.CopyFrom([1f], length);

        Assert.That(scratch.Dispose, Throws.InvalidOperationException.With.Message.Contains($"a buffer of {length} elements"));
    }

    [TestCaseSource(nameof(Lengths))]
    public void Dispose_EveryElementWritten_IsSilent(int length, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        backend.Fill(1, scratch.Zeros<float>(length));

        Assert.That(scratch.Dispose, Throws.Nothing);
    }
}
