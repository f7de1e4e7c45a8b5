using GenSomAttn.Model.Training;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>The rates of each step.</summary>
public sealed class ScheduleTests
{
    private static readonly Schedule Default = new(new TrainingSettings(), 1000);

    [Test]
    public void LearningRate_StartMiddleEnd_FollowsHalfACosine()
    {
        Assert.That(Default.LearningRate(0), Is.EqualTo(1e-3).Within(1e-15));
        Assert.That(Default.LearningRate(500), Is.EqualTo((1e-3 + 5e-5) / 2).Within(1e-15));
        Assert.That(Default.LearningRate(250), Is.EqualTo(5e-5 + (0.5 * 9.5e-4 * (1 + Math.Sqrt(0.5)))).Within(1e-15));
        Assert.That(Default.LearningRate(999), Is.EqualTo(5e-5).Within(1e-8));
    }

    [Test]
    public void Eta_StartMiddleEnd_FallsExponentially()
    {
        Assert.That(Default.Eta(0), Is.EqualTo(0.3).Within(1e-15));
        Assert.That(Default.Eta(500), Is.EqualTo(Math.Sqrt(0.3 * 0.01)).Within(1e-15));
        Assert.That(Default.Eta(1000), Is.EqualTo(0.01).Within(1e-15));
    }

    [Test]
    public void Sigma_FourFifths_ReachesItsEndAndStays()
    {
        Assert.That(Default.Sigma(0), Is.EqualTo(4).Within(1e-15));
        Assert.That(Default.Sigma(400), Is.EqualTo(Math.Sqrt(4 * 0.6)).Within(1e-12));
        Assert.That(Default.Sigma(799), Is.GreaterThan(0.6 + 1e-4));
        Assert.That(Default.Sigma(800), Is.EqualTo(0.6).Within(1e-12));
        Assert.That(Default.Sigma(999), Is.EqualTo(0.6).Within(1e-12));
    }
}
