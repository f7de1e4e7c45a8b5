using GenSomAttn.Engine.Som;
using NUnit.Framework;

namespace GenSomAttn.Tests.Som;

/// <summary>Agreement of clusters and classes.</summary>
public sealed class ContingencyTests
{
    /// <summary>The example of Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008, figure 16.4.</summary>
    private static readonly Contingency Book = OfClasses("xxxxxo", "xoooo+", "xx+++");

    [Test]
    public void Purity_BookExample_IsTwelveOfSeventeen()
    {
        Assert.That(Book.Purity(), Is.EqualTo(12.0 / 17).Within(1e-15));
    }

    [Test]
    public void Together_TwoParts_IsTheWhole()
    {
        Contingency whole = OfClasses("xxxxxo", "xoooo+", "xx+++").Joint(OfClasses("oo", "x", "+"));
        Contingency same = OfClasses("xxxxxooo", "xoooo+x", "xx++++");

        Assert.That(whole.Purity(), Is.EqualTo(same.Purity()));
        Assert.That(whole.GeometricMutualInformation(), Is.EqualTo(same.GeometricMutualInformation()));
        Assert.That(whole.Purity(), Is.Not.EqualTo(Book.Purity()));
    }

    [Test]
    public void NormalizedMutualInformation_BookExample_HasTheArithmeticMean()
    {
        Assert.That(Book.NormalizedMutualInformation(), Is.EqualTo(0.3645617719).Within(1e-10));
    }

    [Test]
    public void GeometricMutualInformation_BookExample_HasTheGeometricMean()
    {
        Assert.That(Book.GeometricMutualInformation(), Is.EqualTo(0.3646247962).Within(1e-10));
    }

    [Test]
    public void MutualInformationAndPurity_ClustersInAnotherOrder_AreTheSame()
    {
        Contingency other = OfClasses("xx+++", "xxxxxo", "xoooo+");

        Assert.That(other.Purity(), Is.EqualTo(Book.Purity()));
        Assert.That(other.NormalizedMutualInformation(), Is.EqualTo(Book.NormalizedMutualInformation()).Within(1e-15));
        Assert.That(other.GeometricMutualInformation(), Is.EqualTo(Book.GeometricMutualInformation()).Within(1e-15));
    }

    [Test]
    public void NormalizedMutualInformation_SmallExample_MatchesScikitLearn()
    {
        var contingency = new Contingency([1, 3, 2, 0, 1], [0, 3, 2, 2, 1], 4, 4);

        Assert.That(contingency.NormalizedMutualInformation(), Is.EqualTo(0.7918756684685216).Within(1e-14));
    }

    [Test]
    public void MutualInformation_Extremes_AreZeroAndOne()
    {
        Assert.That(OfClasses("xx", "oo", "++").NormalizedMutualInformation(), Is.EqualTo(1).Within(1e-12));
        Assert.That(OfClasses("xo", "xo").NormalizedMutualInformation(), Is.Zero.Within(1e-12));
        Assert.That(OfClasses("xxx").NormalizedMutualInformation(), Is.EqualTo(1));
        Assert.That(OfClasses("xo+").NormalizedMutualInformation(), Is.Zero.Within(1e-12));
        Assert.That(OfClasses("xx", "oo", "++").GeometricMutualInformation(), Is.EqualTo(1).Within(1e-12));
        Assert.That(OfClasses("xxx").GeometricMutualInformation(), Is.EqualTo(1));
        Assert.That(OfClasses("xo+").GeometricMutualInformation(), Is.Zero);
        Assert.That(OfClasses("x", "x").GeometricMutualInformation(), Is.Zero);
        Assert.That(OfClasses("xo+", "xo+", "xo+").NormalizedMutualInformation(), Is.Zero, "and not -4e-16 by rounding");
    }

    [Test]
    public void Majority_TieAndEmptyCluster_AreTheLowestClassAndNone()
    {
        var contingency = new Contingency([1, 1, 1, 1], [2, 1, 2, 1], 3, 3);

        Assert.That(contingency.Majority(1), Is.EqualTo(1));
        Assert.That(contingency.Majority(0), Is.EqualTo(-1));
        Assert.That(contingency.Size(1), Is.EqualTo(4));
        Assert.That(contingency.Size(2), Is.Zero);
    }

    [Test]
    public void AccuracyOfMajority_OtherLabels_CountsThoseOfTheKnownMajority()
    {
        // Known: unit 0 is class 1, unit 1 is class 0, unit 2 is empty.
        var known = new Contingency([0, 0, 1], [1, 1, 0], 3, 2);
        var samples = new Contingency([0, 0, 0, 1, 2], [1, 0, 0, 0, 1], 3, 2);

        Assert.That(samples.AccuracyOfMajority(known), Is.EqualTo(2.0 / 5));
        Assert.That(samples.Purity(), Is.EqualTo(4.0 / 5));
    }

    [Test]
    public void Constructor_AsManyLabelsAsSamples_IsRequired()
    {
        Assert.That(() => new Contingency([0, 1], [0], 2, 1), Throws.ArgumentException);
    }

    /// <summary>One text per cluster, one character per sample: its class, out of x, o and +.</summary>
    private static Contingency OfClasses(params string[] clusters)
    {
        int[] units = [.. clusters.SelectMany((cluster, index) => cluster.Select(_ => index))];
        int[] labels = [.. string.Concat(clusters).Select(sample => "xo+".IndexOf(sample, StringComparison.Ordinal))];
        return new Contingency(units, labels, clusters.Length, 3);
    }
}
