using GenSomAttn.Engine.Rng;
using GenSomAttn.Kernels;
using NUnit.Framework;

namespace GenSomAttn.Tests.Rng;

/// <summary>The order of the images in an epoch.</summary>
public sealed class ShuffleTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(33)]
    [TestCase(1025)]
    public void Fill_AnyLength_IsAPermutation(int length)
    {
        Assert.That(Order(7, 3, length), Is.EquivalentTo(Enumerable.Range(0, length)));
    }

    [Test]
    public void Fill_SameSeedAndEpoch_IsTheSameOrder()
    {
        int[] order = Order(42, 5, 1025);

        Assert.That(Order(42, 5, 1025), Is.EqualTo(order));
        Assert.That(Order(42, 6, 1025), Is.Not.EqualTo(order));
        Assert.That(Order(43, 5, 1025), Is.Not.EqualTo(order));
    }

    [Test]
    public void Fill_ManySeeds_MakesAllPermutationsEquallyLikely()
    {
        const int Draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (ulong seed = 0; seed < Draws; seed++)
        {
            string order = string.Join(' ', Order(seed, 0, 4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        // 24 orders, 1000 each; the chi-squared statistic has 23 degrees of freedom and exceeds 60 once in 30,000 times.
        double chiSquared = counts.Values.Sum(count => Math.Pow(count - 1000, 2) / 1000);
        Assert.That(counts, Has.Count.EqualTo(24));
        Assert.That(chiSquared, Is.LessThan(60));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(1_000_003)]
    [TestCase(int.MaxValue)]
    public void Below_AnyBound_StaysBelow(int bound)
    {
        var random = new RandomSource(new RandomKey(1, RandomPurpose.Check, 0));
        int[] draws = [.. Enumerable.Range(0, 1000).Select(_ => random.Below(bound))];

        Assert.That(draws, Is.All.InRange(0, bound - 1));
        Assert.That(draws.Average(), Is.EqualTo((bound - 1) / 2.0).Within(0.1 * bound));
    }

    private static int[] Order(ulong seed, int epoch, int length)
    {
        int[] order = new int[length];
        Shuffle.Fill(seed, epoch, order);
        return order;
    }
}
