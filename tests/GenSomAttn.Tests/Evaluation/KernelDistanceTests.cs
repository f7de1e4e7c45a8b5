using GenSomAttn.Model.Metrics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The kernel inception distance (KID).</summary>
public sealed class KernelDistanceTests
{
    private static readonly Rows<double> Near = new(new double[] { 1, 0, 0, 1, 1, 1 }, 2);
    private static readonly Rows<double> Far = new(new double[] { 2, 0, 0, 2, 2, 2 }, 2);
    private static readonly double[] NoiseLevels = [0.2, 0.4, 0.8, 1.6, 3.2];

    [Test]
    public void Between_SmallSets_IsTheValueByHand()
    {
        Assert.That(KernelDistance.Between(Near, Far), Is.EqualTo(137.0 / 36).Within(1e-13));
        Assert.That(KernelDistance.Between(Near, Near), Is.EqualTo(-14.0 / 9).Within(1e-14));
    }

    [TestCase(70, 55, 33)]
    [TestCase(2, 3, 1)]
    [TestCase(130, 49, 5)]
    public void Between_AnySizes_MatchesPlainLoops(int first, int second, int dimension)
    {
        Rows<double> x = Features.Normal(first, dimension, 1);
        Rows<double> y = Features.Normal(second, dimension, 2, scale: 1.5, shift: 0.5);
        double expected = MeanKernel(x, x, within: true) + MeanKernel(y, y, within: true) - (2 * MeanKernel(x, y, within: false));

        // Rounding of means of numbers of up to some hundreds.
        Assert.That(KernelDistance.Between(x, y), Is.EqualTo(expected).Within(1e-11));
    }

    [Test]
    public void Between_OrderOfSetsAndSamples_DoesNotMatter()
    {
        Rows<double> x = Features.Normal(70, 6, 1);
        Rows<double> y = Features.Normal(50, 6, 2, shift: 0.5);
        double distance = KernelDistance.Between(x, y);

        Assert.That(KernelDistance.Between(y, x), Is.EqualTo(distance).Within(1e-12));
        Assert.That(KernelDistance.Between(Features.Reversed(x), y), Is.EqualTo(distance).Within(1e-12));
    }

    [Test]
    public void Between_SetAndItselfWithNoise_GrowsWithTheNoise()
    {
        Rows<double> rows = Features.Normal(300, 6, 1);
        Rows<double> noise = Features.Normal(300, 6, 2);
        double[] distances = [.. NoiseLevels.Select(level =>
            KernelDistance.Between(rows, Features.Changed(rows, (x, i) => x + (level * noise.Values[i]))))];

        Assert.That(distances, Is.Ordered.Ascending);
    }

    [Test]
    public void OfSubsets_OfTheWholeSets_IsTheFullDistanceWithoutDeviation()
    {
        Rows<double> x = Features.Normal(60, 6, 1);
        Rows<double> y = Features.Normal(60, 6, 2, shift: 0.5);
        Spread spread = KernelDistance.OfSubsets(x, new KernelSubsets(y, seed: 3, count: 4, size: 60));

        // Each subset is a permutation.
        Assert.That(spread.Mean, Is.EqualTo(KernelDistance.Between(x, y)).Within(1e-12));
        Assert.That(spread.Deviation, Is.Zero.Within(1e-12));
    }

    [Test]
    public void OfSubsets_ManySubsets_AreTheFullDistanceOnAverage()
    {
        Rows<double> x = Features.Normal(400, 6, 1);
        Rows<double> y = Features.Normal(300, 6, 2, shift: 0.5);
        var subsets = new KernelSubsets(y, seed: 3, count: 200, size: 50);
        Spread spread = KernelDistance.OfSubsets(x, subsets);

        // The mean of 200 nearly independent subsets deviates by a fourteenth of their deviation; five times that.
        Assert.That(spread.Deviation, Is.GreaterThan(0));
        Assert.That(spread.Mean, Is.EqualTo(KernelDistance.Between(x, y)).Within(5 * spread.Deviation / Math.Sqrt(200)));
        Assert.That(KernelDistance.OfSubsets(x, subsets), Is.EqualTo(spread));
        Assert.That(KernelDistance.OfSubsets(x, new KernelSubsets(y, seed: 4, count: 200, size: 50)), Is.Not.EqualTo(spread));
    }

    [Test]
    public void OfSubsets_SetAndItself_AreDrawnApartFromEachOther()
    {
        // Drawing the same samples of both would make 1/50 of the pairs kernels of a sample with itself, about 9, instead of 1/200.
        Rows<double> rows = Features.Normal(200, 6, 1);
        Spread spread = KernelDistance.OfSubsets(rows, new KernelSubsets(rows, seed: 3, count: 200, size: 50));

        // As for two sets: five standard errors.
        Assert.That(spread.Mean, Is.EqualTo(KernelDistance.Between(rows, rows)).Within(5 * spread.Deviation / Math.Sqrt(200)));
    }

    [Test]
    public void BetweenAndOfSubsets_TooFewSamples_AreRefused()
    {
        Assert.That(() => KernelDistance.Between(Near, Near.Select([0])), Throws.ArgumentException);
        Assert.That(() => new KernelSubsets(Far, seed: 1, count: 2, size: 4), Throws.ArgumentException);
        Assert.That(
            () => KernelDistance.OfSubsets(Near, new KernelSubsets(Features.Normal(4, 2, 1), seed: 1, count: 2, size: 4)),
            Throws.ArgumentException);
        Assert.That(() => KernelDistance.Between(Near, Features.Normal(3, 3, 1)), Throws.ArgumentException);
    }

    private static double MeanKernel(Rows<double> x, Rows<double> y, bool within)
    {
        double sum = 0;
        for (int i = 0; i < x.Count; i++)
        {
            for (int j = 0; j < y.Count; j++)
            {
                double product = 0;
                for (int d = 0; d < x.Dimension; d++)
                {
                    product += x[i][d] * y[j][d];
                }

                sum += within && i == j ? 0 : Math.Pow((product / x.Dimension) + 1, 3);
            }
        }

        return sum / (x.Count * (double)(within ? y.Count - 1 : y.Count));
    }
}
