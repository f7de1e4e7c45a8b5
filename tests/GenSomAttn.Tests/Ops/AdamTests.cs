using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>The optimizer.</summary>
public sealed class AdamTests
{
    private static IEnumerable<TestCaseData> Lengths => AllBackends.Each(1, 33, 100_003);

    private static readonly AdamSettings Settings = new(0.9, 0.999, 1e-8);

    [TestCaseSource(nameof(Lengths))]
    public void AdamStep_TwelveSteps_MatchReference(int length, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        float[] initial = Draw.Normal(length, 0);
        DeviceView<float> parameter = scratch.Of<float>(initial);
        DeviceView<float> firstMoment = scratch.Zeros<float>(length);
        DeviceView<float> secondMoment = scratch.Zeros<float>(length);
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        DeviceView<double> expected = wide.Of<double>(Compare.Widened(initial));
        DeviceView<double> expectedFirst = wide.Zeros<double>(length), expectedSecond = wide.Zeros<double>(length);
        for (uint step = 1; step <= 12; step++)
        {
            float[] gradient = Draw.Normal(length, step);
            float[] rates = AtStep(step);
            backend.AdamStep(scratch.Of<float>(gradient), Settings, scratch.Of<float>(rates), parameter, firstMoment, secondMoment);
            reference.AdamStep(
                wide.Of<double>(Compare.Widened(gradient)), Settings, wide.Of<double>(Compare.Widened(rates)), expected, expectedFirst,
                expectedSecond);
        }

        Tolerance steps = new(2e-6, 2e-6, "each of 12 steps rounds a parameter of size 1 once, and the moments a few times");
        Compare.Close("parameter", parameter, expected.ToArray(), steps);
        Compare.Close("firstMoment", firstMoment, expectedFirst.ToArray(), steps);
        Compare.Close("secondMoment", secondMoment, expectedSecond.ToArray(), steps);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void AdamStep_First_MovesByTheRateAgainstTheGradient(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> parameter = scratch.Of<float>([1, 1, 1]);

        backend.AdamStep(
            scratch.Of<float>([3, -0.001f, 0]), Settings, scratch.Of<float>(AtStep(1)), parameter, scratch.Zeros<float>(3),
            scratch.Zeros<float>(3));

        Tolerance byEpsilon = new(1e-6, 0, "ε is 1e-5 of the smaller gradient, which shortens its step of 0.01 by that share");
        Compare.Close("parameter", parameter, [0.99, 1.01, 1], byEpsilon);
    }

    [Test]
    public void Rates_OfAStep_AreTheRateWithBothCorrections()
    {
        // 1 - 0.9 = 0.1 and 1 - 0.999 = 0.001; 1 - 0.9² = 0.19 and 1 - 0.999² = 0.001999.
        Assert.That(Settings.Rates(1e-2, 1), Is.EqualTo((0.1f, 1000f)));
        Assert.That(Settings.Rates(1e-2, 2), Is.EqualTo(((float)(0.01 / 0.19), (float)(1 / 0.001999))));
        Assert.That(() => Settings.Rates(1e-2, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static float[] AtStep(long step)
    {
        (float stepSize, float secondScale) = Settings.Rates(1e-2, step);
        return [stepSize, secondScale];
    }
}
