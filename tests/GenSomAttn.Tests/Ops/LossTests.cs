using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Mean squared error and Gaussian divergence.</summary>
public sealed class LossTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new MseCase(1),
        new MseCase(33),
        new MseCase(32 * 784),
        new GaussianKlCase(new RowsShape(1, 1)),
        new GaussianKlCase(new RowsShape(33, 32)),
        new GaussianKlCase(new RowsShape(2, 1025)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void GaussianKlForward_StandardGaussian_IsZero(string accelerator)
    {
        using IBackend backend = AllBackends.Create(accelerator);
        using ScratchBuffers scratch = new(backend);
        DeviceView<float> loss = scratch.Of<float>([5]);

        backend.GaussianKlForward(scratch.Zeros<float>(33), scratch.Zeros<float>(33), new RowsShape(3, 11), loss);

        Assert.That(loss.ToArray(), Is.All.Zero);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void MseForward_NotANumber_IsNotHidden(string accelerator)
    {
        using IBackend backend = AllBackends.Create(accelerator);
        using ScratchBuffers scratch = new(backend);
        float[] prediction = Draw.Normal(1025, 1);
        prediction[^1] = float.NaN;
        DeviceView<float> loss = scratch.Zeros<float>(1);

        backend.MseForward(scratch.Of<float>(prediction), scratch.Zeros<float>(1025), loss);

        Assert.That(loss.ToArray(), Is.All.NaN);
    }
}
