using GenSomAttn.Model.Metrics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The sign test against probabilities of coins.</summary>
public sealed class SignTestTests
{
    /// <summary>Twice the probability of at most the smaller number of heads: (1 + 10) / 1024 for 1 of 10.</summary>
    [TestCase(10, 0, 2 / 1024.0)]
    [TestCase(9, 1, 2 * 11 / 1024.0)]
    [TestCase(1, 9, 2 * 11 / 1024.0)]
    [TestCase(6, 0, 2 / 64.0)]
    [TestCase(5, 0, 2 / 32.0)]
    [TestCase(5, 5, 1)]
    [TestCase(0, 0, 1)]
    public void P_OfASplit_IsThatOfCoins(int above, int below, double expected) =>
        Assert.That(new SignTest(0, above, below).P, Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void P_OfManyPairs_IsFinite() => Assert.That(new SignTest(0, 60, 40).P, Is.EqualTo(0.0569).Within(1e-4));

    [Test]
    public void Of_Differences_CountsSignsAndLeavesTiesOut()
    {
        SignTest test = SignTest.Of([1, -3, 0, 2, 4]);

        Assert.That(test, Is.EqualTo(new SignTest(0.8, 3, 1)));
    }

    [Test]
    public void MinPairs_IsTheFirstThatCanBeBelowChance()
    {
        Assert.That(new SignTest(0, SignTest.MinPairs, 0).P, Is.LessThan(0.05));
        Assert.That(new SignTest(0, SignTest.MinPairs - 1, 0).P, Is.GreaterThan(0.05));
    }
}
