using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Precision, recall, density and coverage.</summary>
public sealed class PrdcTests
{
    private static readonly Rows<double> Real = new(new double[] { 0, 1, 2, 3, 10 }, 1);
    private static readonly Rows<double> Made = new(new[] { 0.5, 1.5, 9, 30, 31 }, 1);

    [Test]
    public void Of_SmallSets_IsTheValueByHand()
    {
        Assert.That(Prdc.Of(Real, Made, k: 1), Is.EqualTo(new Prdc(0.6, 1, 1, 0.8)));
        Assert.That(Prdc.Of(Real, Made, k: 2), Is.EqualTo(new Prdc(0.6, 1, 0.7, 1)));
    }

    [Test]
    public void Of_NarrowSetWithinAWideOne_IsPreciseAndDoesNotRecall()
    {
        // The other way round, precision and recall would be exchanged: a mistake that was published once.
        Prdc score = Prdc.Of(Features.Normal(200, 16, 1, scale: 3), Features.Normal(200, 16, 2, scale: 0.1), k: 3);

        Assert.That(score.Precision, Is.GreaterThan(0.8));
        Assert.That(score.Recall, Is.LessThan(0.3));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(5)]
    public void Of_AnySets_MatchesPlainLoops(int k)
    {
        Rows<double> real = Features.Normal(150, 7, 1);
        Rows<double> made = Features.Normal(131, 7, 2, scale: 0.8, shift: 0.3);

        Assert.That(Prdc.Of(real, made, k), Is.EqualTo(OfPlainLoops(real, made, k)));
    }

    [Test]
    public void Of_WholeNumbersWithManyEqualDistances_MatchesPlainLoops()
    {
        Rows<double> real = new(Draw.Indices(200, 6, 1).Select(x => (double)x).ToArray(), 2);
        Rows<double> made = new(Draw.Indices(140, 7, 2).Select(x => (double)x).ToArray(), 2);

        Assert.That(Prdc.Of(real, made, 5), Is.EqualTo(OfPlainLoops(real, made, 5)));
    }

    [Test]
    public void Of_SetAndItself_IsPerfect()
    {
        // Each ball holds its own sample and the k - 1 nearest others; the k-th is on its surface.
        Rows<double> rows = Features.Normal(100, 5, 1);

        Assert.That(Prdc.Of(rows, rows), Is.EqualTo(new Prdc(1, 1, 1, 1)));
    }

    [Test]
    public void Of_HalfOfTheModes_IsPreciseAndCoversHalf()
    {
        Rows<double> real = Features.Changed(Features.Normal(400, 4, 1), (x, i) => i < 800 ? x : x + 50);
        Prdc score = Prdc.Of(real, Features.Normal(400, 4, 2));

        Assert.That(score.Precision, Is.GreaterThan(0.8));
        Assert.That(score.Recall, Is.InRange(0.4, 0.5));
        Assert.That(score.Coverage, Is.InRange(0.4, 0.5));
    }

    [Test]
    public void Of_FewSamples_NeedsOneMoreThanK()
    {
        Rows<double> six = Features.Normal(6, 2, 1);

        Assert.That(Prdc.Of(six, six, k: 5).Coverage, Is.EqualTo(1));
        Assert.That(() => Prdc.Of(six, Features.Normal(5, 2, 2), k: 5), Throws.ArgumentException.With.Message.Contains("at least 6"));
        Assert.That(() => Prdc.Of(Features.Normal(1, 2, 2), six, k: 1), Throws.ArgumentException);
        Assert.That(() => Prdc.Of(six, six, k: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Prdc OfPlainLoops(Rows<double> real, Rows<double> made, int k)
    {
        double[] realRadii = Radii(real, k);
        double[] madeRadii = Radii(made, k);
        static bool InBall(Rows<double> centers, double[] radii, int center, ReadOnlySpan<double> sample) =>
            Features.SquaredDistance(centers[center], sample) < radii[center];
        int[] reals = [.. Enumerable.Range(0, real.Count)];
        int[] mades = [.. Enumerable.Range(0, made.Count)];
        return new Prdc(
            (double)mades.Count(m => reals.Any(r => InBall(real, realRadii, r, made[m]))) / made.Count,
            (double)reals.Count(r => mades.Any(m => InBall(made, madeRadii, m, real[r]))) / real.Count,
            mades.Sum(m => reals.Count(r => InBall(real, realRadii, r, made[m]))) / ((double)k * made.Count),
            (double)reals.Count(r => mades.Any(m => InBall(real, realRadii, r, made[m]))) / real.Count);
    }

    private static double[] Radii(Rows<double> rows, int k) =>
        [.. Enumerable.Range(0, rows.Count).Select(n => Enumerable.Range(0, rows.Count).Where(other => other != n)
            .Select(other => Features.SquaredDistance(rows[n], rows[other])).Order().ElementAt(k - 1))];
}
