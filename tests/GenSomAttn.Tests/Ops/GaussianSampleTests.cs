using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Reparameterized samples of Gaussians: a function of mean and log-variance.</summary>
public sealed class GaussianSampleTests
{
    private static readonly float LogOfFour = 2 * MathF.Log(2), LogOfNine = 2 * MathF.Log(3);

    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new GaussianSampleCase(1),
        new GaussianSampleCase(33),
        new GaussianSampleCase(64 * 32),
        new GaussianSampleCase(100_003));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteTheSampleAndAddToTheGradients(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator, "mean", "logVariance");

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void GaussianSampleForward_ByHand_IsMeanPlusDeviationTimesNoise(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> sample = scratch.Zeros<float>(3);

        backend.GaussianSampleForward(
            scratch.Of<float>([1, 0, -7]), scratch.Of<float>([LogOfNine, -LogOfFour, 0]), scratch.Of<float>([-2, 3, 0]), sample);

        Compare.Close("sample", sample, [1 - (3 * 2), 0.5 * 3, -7], Tolerance.Elementwise);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void GaussianSampleBackward_AfterTheDivergence_AddsToItsGradients(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> mean = scratch.Of<float>([1, 4]), logVariance = scratch.Of<float>([LogOfNine, -LogOfFour]);
        DeviceView<float> dMean = scratch.Of<float>([100, 100]), dLogVariance = scratch.Of<float>([100, 100]);

        backend.GaussianKlBackward(mean, logVariance, new RowsShape(2, 1), 1, dMean, dLogVariance);
        backend.GaussianSampleBackward(
            scratch.Of<float>([5, 0.25f]), logVariance, scratch.Of<float>([-2, 3]), dMean, dLogVariance);

        // Of the divergence: mean / 2 and (variance - 1) / 4. Of the sample: dSample and dSample · noise · ½ deviation.
        Compare.Close("dMean", dMean, [0.5 + 5, 2 + 0.25], Tolerance.Elementwise);
        Compare.Close("dLogVariance", dLogVariance, [2 + (5 * -2 * 1.5), -0.1875 + (0.25 * 3 * 0.25)], Tolerance.Elementwise);
    }
}
