using GenSomAttn.Model.Metrics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The inception score.</summary>
public sealed class InceptionScoreTests
{
    private static readonly Rows<double> Small = new(new[] { 0.9, 0.1, 0.2, 0.8, 0.6, 0.4 }, 2);
    private static readonly Rows<double> Negative = new(new[] { 0.5, 0.5, 2, -1 }, 2);
    private static readonly Rows<double> Incomplete = new(new[] { 0.5, 0.4 }, 2);

    [Test]
    public void Of_SureAndEvenOrSureOfOneClass_IsTheNumberOfClassesOrOne()
    {
        // With exact zeros, whose logarithm must not be taken.
        Assert.That(InceptionScore.Of(Peaks(1000, 10, 1, n => n)).Mean, Is.EqualTo(10).Within(1e-12));
        Assert.That(InceptionScore.Of(Peaks(1000, 10, 1, _ => 3)).Mean, Is.EqualTo(1).Within(1e-12));
        Assert.That(InceptionScore.Of(Peaks(1000, 10, 1, n => n)).Deviation, Is.Zero.Within(1e-12));
    }

    [Test]
    public void Of_SmallExample_IsTheKnownValue()
    {
        Assert.That(InceptionScore.Of(Small, splits: 1).Mean, Is.EqualTo(1.2028969155271085).Within(1e-15));
    }

    [Test]
    public void Of_PeaksOfNineTenths_IsTheLimitOfEvenClasses()
    {
        // Entropy of the mean ln 10, of a row -(0.9 ln 0.9 + 0.1 ln (0.1 / 9)).
        double expected = Math.Exp(Math.Log(10) + (0.9 * Math.Log(0.9)) + (0.1 * Math.Log(0.1 / 9)));

        Assert.That(expected, Is.EqualTo(5.7995).Within(5e-5));
        Assert.That(InceptionScore.Of(Peaks(100, 10, 0.9, n => n), splits: 10).Mean, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Of_PartsThatDiffer_HasTheirMeanAndDeviation()
    {
        // The first part scores 5, the second 1; 11 images: parts of 5 and 6.
        Spread score = InceptionScore.Of(Peaks(11, 5, 1, n => n < 5 ? n : 2), splits: 2);

        Assert.That(score.Mean, Is.EqualTo(3).Within(1e-12));
        Assert.That(score.Deviation, Is.EqualTo(2).Within(1e-12));
    }

    [Test]
    public void Of_PartsOfUnequalSize_CountsTheLastImage()
    {
        // 11 images: 5 of one class, then 5 of another and the last of a third. The second part scores exp of the entropy of 5/6 and 1/6.
        Spread score = InceptionScore.Of(Peaks(11, 5, 1, n => n < 5 ? 0 : n < 10 ? 1 : 2), splits: 2);

        Assert.That(score.Mean, Is.EqualTo((1 + (6 / Math.Pow(5, 5.0 / 6))) / 2).Within(1e-12));
    }

    [Test]
    public void Of_OrderOfImagesAndClasses_DoesNotMatterInOnePart()
    {
        Rows<double> rows = Peaks(60, 7, 0.6, n => n * n % 7);
        Rows<double> otherClasses = new(Enumerable.Range(0, 60).SelectMany(n => rows[n].ToArray().Reverse()).ToArray(), 7);
        double score = InceptionScore.Of(rows, splits: 1).Mean;

        Assert.That(score, Is.GreaterThan(1.1));
        Assert.That(InceptionScore.Of(Features.Reversed(rows), splits: 1).Mean, Is.EqualTo(score).Within(1e-13));
        Assert.That(InceptionScore.Of(otherClasses, splits: 1).Mean, Is.EqualTo(score).Within(1e-13));
    }

    [Test]
    public void Of_NoProbabilitiesOrMorePartsThanImages_AreRefused()
    {
        Assert.That(() => InceptionScore.Of(Negative, 1), Throws.ArgumentException.With.Message.Contains("Row 1"));
        Assert.That(() => InceptionScore.Of(Incomplete, 1), Throws.ArgumentException);
        Assert.That(() => InceptionScore.Of(Peaks(9, 2, 1, n => n)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Rows with one large probability each; the rest is even.</summary>
    private static Rows<double> Peaks(int count, int classes, double peak, Func<int, int> label) => new(
        Enumerable.Range(0, count * classes).Select(i =>
            i % classes == label(i / classes) % classes ? peak : (1 - peak) / (classes - 1)).ToArray(), classes);
}
