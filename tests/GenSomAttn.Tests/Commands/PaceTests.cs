using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Training;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The remaining time, however long.</summary>
public sealed class PaceTests
{
    [TestCase(0, "0:00")]
    [TestCase(65.9, "1:05")]
    [TestCase(3599, "59:59")]
    [TestCase(3600, "1:00:00")]
    [TestCase((27 * 3600) + 185, "27:03:05")]
    [TestCase(1e12, "277777777:46:40")]
    public void Clock_Seconds_AreMinutesAndAllHours(double seconds, string text)
        => Assert.That(Pace.Clock(seconds), Is.EqualTo(text));

    /// <summary>After a millisecond for the second step of 2⁶⁰, the remaining time exceeds the 29,000 years of a TimeSpan.</summary>
    [Test]
    public void Read_TrainingWithoutEnd_TellsTheHours()
    {
        StepReport first = new(1, 1L << 60, 1, 16, default);
        Pace pace = new(60_000, first);
        SpinWait.SpinUntil(() => pace.SinceReading.TotalMilliseconds > 1);

        (string speed, string left) = pace.Read(first with { Step = 2, ImagesSeen = 32 });
        Assert.That(speed, Does.Match(@"^\d+ images/s$"));
        Assert.That(left, Does.Match(@"^\d{9,}:\d\d:\d\d left$"));
    }
}
