using CsCheck;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>The schedules of learning rate, η and σ.</summary>
public sealed class ScheduleTests
{
    /// <summary>2⁴⁰ steps: 35 years at a thousand steps per second.</summary>
    private const long Far = 1L << 40;

    private static readonly Schedule Default = new(new TrainingSettings(), 1000);

    [Test]
    public void LearningRate_StartMiddleEnd_FollowsHalfACosine()
    {
        Assert.That(Default.LearningRate(0), Is.EqualTo(2e-3).Within(1e-15));
        Assert.That(Default.LearningRate(500), Is.EqualTo((2e-3 + 1e-4) / 2).Within(1e-15));
        Assert.That(Default.LearningRate(250), Is.EqualTo(1e-4 + (0.5 * 1.9e-3 * (1 + Math.Sqrt(0.5)))).Within(1e-15));
        Assert.That(Default.LearningRate(999), Is.EqualTo(1e-4).Within(1e-8));
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
        Assert.That(Default.Sigma(400), Is.EqualTo(Math.Sqrt(4 * 0.5)).Within(1e-12));
        Assert.That(Default.Sigma(799), Is.GreaterThan(0.5 + 1e-4));
        Assert.That(Default.Sigma(800), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(Default.Sigma(999), Is.EqualTo(0.5).Within(1e-12));
    }

    /// <summary>
    /// Tolerance: a rate is rounded a few times, by half a unit in the last place each; 4 units, a relative 1e-15, suffice.
    /// </summary>
    [Test]
    public void Rates_OfAVeryLongTraining_FallFromTheirStartToTheirEnd()
    {
        Gen.Select(Gen.Long[0, Far], Gen.Long[0, Far], Gen.Double[0.01, 1], Gen.Double[0.01, 1]).Sample((a, b, start, share) =>
        {
            (long first, long later) = (Math.Min(a, b), Math.Max(a, b));
            TrainingSettings settings = new()
            {
                LearningRate = start,
                EtaStart = start,
                EtaEnd = start * share,
                SigmaStart = 100 * start,
                SigmaEnd = 100 * start * share,
            };
            Schedule schedule = new(settings, Far);
            (Func<long, double> Rate, double Start, double End)[] rates =
            [
                (schedule.LearningRate, start, settings.FinalLearningRate),
                (schedule.Eta, settings.EtaStart, settings.EtaEnd),
                (schedule.Sigma, settings.SigmaStart, settings.SigmaEnd),
            ];
            foreach ((Func<long, double> rate, double from, double to) in rates)
            {
                Assert.That(rate(0), Is.EqualTo(from).Within(4).Ulps);
                Assert.That(rate(Far), Is.EqualTo(to).Within(4).Ulps);
                Assert.That(rate(later), Is.LessThanOrEqualTo(rate(first) * (1 + 1e-15)));
                Assert.That(rate(later), Is.InRange(to * (1 - 1e-15), from * (1 + 1e-15)));
            }
        }, iter: 1000, threads: 1);
    }

    [Test]
    public void Sigma_OfAVeryLongTraining_IsHeldAfterFourFifths()
    {
        Schedule schedule = new(new TrainingSettings(), Far);

        Assert.That(schedule.Sigma((Far / 5 * 4) - 1_000_000), Is.GreaterThan(schedule.Sigma(Far)));
        Assert.That(schedule.Sigma((Far / 5 * 4) + 4), Is.EqualTo(schedule.Sigma(Far)));
    }

    [Test]
    public void AdamRates_OfAVeryLongTraining_NeedNoCorrection()
        => Assert.That(Adam.Rates(1e-3, Far), Is.EqualTo((1e-3f, 1f)));
}
