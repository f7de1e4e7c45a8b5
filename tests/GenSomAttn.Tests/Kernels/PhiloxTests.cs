using GenSomAttn.Kernels;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>The random number generator against its published values and the moments of its distributions.</summary>
public sealed class PhiloxTests
{
    private const int Draws = 200_000;

    /// <summary>Source: Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.</summary>
    [Test]
    public void Block_PublishedCounters_GiveThePublishedWords()
    {
        const uint Ones = 0xFFFFFFFF;
        Assert.That(Philox.Block(0, 0, 0, 0, 0, 0), Is.EqualTo((0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u)));
        Assert.That(
            Philox.Block(Ones, Ones, Ones, Ones, Ones, Ones), Is.EqualTo((0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu)));
        Assert.That(
            Philox.Block(0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0),
            Is.EqualTo((0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u)));
    }

    [Test]
    public void Uniform_ManyDraws_HasMomentsOfItsDistribution()
    {
        double[] draws = [.. Enumerable.Range(0, Draws).Select(i => (double)Philox.Uniform(Key(), (uint)i))];

        // Five standard errors: of the mean √(1/12 / n), of the variance √(1/180 / n).
        Assert.That(draws, Is.All.InRange(0, 1 - (1.0 / (1 << 24))));
        Assert.That(draws.Average(), Is.EqualTo(0.5).Within(5 * Math.Sqrt(1 / 12.0 / Draws)));
        Assert.That(draws.Average(x => (x - 0.5) * (x - 0.5)), Is.EqualTo(1 / 12.0).Within(5 * Math.Sqrt(1 / 180.0 / Draws)));
        Assert.That(Correlation(draws), Is.Zero.Within(5 / Math.Sqrt(Draws)));
    }

    [Test]
    public void Normal_ManyDraws_HasMomentsOfItsDistribution()
    {
        double[] draws = [.. Enumerable.Range(0, Draws).Select(i => (double)Philox.Normal(Key(), (uint)i))];

        // Five standard errors: of the moments 1 to 4 √(1/n), √(2/n), √(15/n), √(96/n).
        Assert.That(draws.Average(), Is.Zero.Within(5 * Math.Sqrt(1.0 / Draws)));
        Assert.That(draws.Average(x => x * x), Is.EqualTo(1).Within(5 * Math.Sqrt(2.0 / Draws)));
        Assert.That(draws.Average(x => x * x * x), Is.Zero.Within(5 * Math.Sqrt(15.0 / Draws)));
        Assert.That(draws.Average(x => x * x * x * x), Is.EqualTo(3).Within(5 * Math.Sqrt(96.0 / Draws)));
        Assert.That(Correlation(draws), Is.Zero.Within(5 / Math.Sqrt(Draws)));
    }

    [Test]
    public void Bits_OtherSeedPurposeOrStep_GiveAnotherStream()
    {
        RandomKey[] keys =
        [
            new(1, RandomPurpose.Check, 1),
            new(2, RandomPurpose.Check, 1),
            new(1UL << 32, RandomPurpose.Check, 1),
            new(1, RandomPurpose.Shuffle, 1),
            new(1, RandomPurpose.Check, 2),
        ];
        uint[] words = [.. keys.SelectMany(key => Enumerable.Range(0, 1000).Select(i => Philox.Bits(key, (uint)i)))];

        // 5,000 random words of 32 bits hold 0.003 equal pairs on average.
        Assert.That(words.Distinct().Count(), Is.GreaterThanOrEqualTo(words.Length - 1));
    }

    private static RandomKey Key() => new(42, RandomPurpose.Check, 0);

    /// <summary>Correlation of each draw with the next.</summary>
    private static double Correlation(double[] draws)
    {
        double mean = draws.Average();
        double variance = draws.Average(x => (x - mean) * (x - mean));
        return draws.Zip(draws.Skip(1), (x, y) => (x - mean) * (y - mean)).Average() / variance;
    }

    [Test]
    public void Normal_ManyDraws_AreThoseOfTheLibrarysFunctions()
    {
        // The kernels' log and cos have errors of 1e-16, visible in float only where a double lies halfway between two floats.
        int different = 0;
        for (uint i = 0; i < Draws; i++)
        {
            double u1 = ((Philox.Bits(Key(), 2 * i) >> 8) + 1) * (1.0 / (1 << 24));
            double u2 = (Philox.Bits(Key(), (2 * i) + 1) >> 8) * (1.0 / (1 << 24));
            float expected = (float)(Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * u2));
            different += Philox.Normal(Key(), i).Equals(expected) ? 0 : 1;
        }

        Assert.That(different, Is.Zero);
    }
}
