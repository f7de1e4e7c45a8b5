using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Trustworthiness and continuity.</summary>
public sealed class NeighborPreservationTests
{
    [Test]
    public void Of_SmallExample_IsTheKnownValue()
    {
        var samples = new Rows<double>(new[] { 0, 1, 2.1, 3.3, 4.6, 6, 7.5, 9.1 }, 1);
        var places = new Rows<double>(new[] { 0, 1.1, 2.3, 9, 4.6, 3.4, 7.5, 6 }, 1);
        var preserved = NeighborPreservation.Of(samples, places, k: 2);

        Assert.That(preserved.Trustworthiness, Is.EqualTo(25.0 / 36).Within(1e-15));
        Assert.That(preserved.Continuity, Is.EqualTo(13.0 / 18).Within(1e-15));
    }

    [Test]
    public void Of_PlacesThatAreTheSamples_IsOne()
    {
        Rows<double> samples = Features.Normal(100, 2, 1);
        Rows<double> places = Features.Changed(samples, (x, _) => 3 * x);

        Assert.That(NeighborPreservation.Of(samples, places, 7), Is.EqualTo(new NeighborPreservation(1, 1)));
    }

    [Test]
    public void Of_PlacesWithoutRelation_IsNearOneHalf()
    {
        // Neighbors are then random: on average their ranks exceed k by half as much as in the worst order.
        var preserved = NeighborPreservation.Of(Features.Normal(400, 2, 1), Features.Normal(400, 2, 2), 5);

        Assert.That(preserved.Trustworthiness, Is.EqualTo(0.5).Within(0.05));
        Assert.That(preserved.Continuity, Is.EqualTo(0.5).Within(0.05));
    }

    [TestCase(1, 2)]
    [TestCase(2, 2)]
    [TestCase(3, 2)]
    [TestCase(3, 1)]
    public void Of_ManySamplesOnAUnit_IsTheMeanOfBestAndWorstOrder(int k, int units)
    {
        // 7 samples on a map of 2 x 2 or less, all orders tried.
        Rows<double> samples = Features.Normal(7, 3, 9);
        int[] bmu = [.. Draw.Indices(7, units * units, 3)];
        var places = new Rows<double>(bmu.SelectMany(unit => new double[] { unit / 2, unit % 2 }).ToArray(), 2);
        var preserved = NeighborPreservation.OfMap(samples, bmu, new MapGrid(2, 2), k);

        Assert.That(preserved.Trustworthiness, Is.EqualTo(MeanOfBestAndWorst(places, samples, k, isTrust: true)).Within(1e-14));
        Assert.That(preserved.Continuity, Is.EqualTo(MeanOfBestAndWorst(places, samples, k, isTrust: false)).Within(1e-14));
        Assert.That(preserved.Trustworthiness, Is.LessThan(1));
    }

    [Test]
    public void OfMap_Hexagons_HaveTheDistancesOfTheirCubeCoordinates()
    {
        // The lattice lies in the plane q + r + s = 0 of whole numbers, so that equal distances are equal.
        Rows<double> samples = Features.Normal(7, 3, 9);
        int[] bmu = [0, 1, 2, 3, 4, 5, 6];
        var places = new Rows<double>(bmu.SelectMany(unit => Cube(unit / 3, unit % 3)).ToArray(), 3);
        var preserved = NeighborPreservation.OfMap(samples, bmu, new MapGrid(3, 3, MapLattice.Hexagon), k: 2);

        Assert.That(preserved.Trustworthiness, Is.EqualTo(MeanOfBestAndWorst(places, samples, 2, isTrust: true)).Within(1e-14));

        static double[] Cube(int row, int column)
        {
            int q = column - (row / 2);
            return [q, row, -q - row];
        }
    }

    [Test]
    public void OfMap_Torus_HasTheOrderOfASquare()
    {
        // On a ring of four, as in a square, the next two are at one distance and the opposite one is farther.
        Rows<double> samples = Features.Normal(4, 3, 9);
        var places = new Rows<double>(new double[] { 0, 0, 0, 1, 1, 1, 1, 0 }, 2);
        var grid = new MapGrid(1, 4, MapLattice.Rectangle, MapEdges.Torus);
        var preserved = NeighborPreservation.OfMap(samples, [0, 1, 2, 3], grid, k: 1);

        Assert.That(preserved.Trustworthiness, Is.EqualTo(MeanOfBestAndWorst(places, samples, 1, isTrust: true)).Within(1e-14));
    }

    [Test]
    public void Of_KOfHalfTheSamplesOrOtherNumbers_AreRefused()
    {
        Rows<double> eight = Features.Normal(8, 2, 1);

        Assert.That(() => NeighborPreservation.Of(eight, eight, k: 3), Throws.Nothing);
        Assert.That(() => NeighborPreservation.Of(eight, eight, k: 4), Throws.ArgumentException);
        Assert.That(() => NeighborPreservation.Of(eight, Features.Normal(7, 2, 1), k: 2), Throws.ArgumentException);
        Assert.That(() => NeighborPreservation.Of(eight, eight, k: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double MeanOfBestAndWorst(Rows<double> places, Rows<double> samples, int k, bool isTrust)
    {
        int count = samples.Count;
        double sum = 0;
        for (int n = 0; n < count; n++)
        {
            int[] others = [.. Enumerable.Range(0, count).Where(other => other != n)];
            int[] nearest = [.. others.OrderBy(other => Features.SquaredDistance(samples[n], samples[other]))];
            double OnMap(int other) => Features.SquaredDistance(places[n], places[other]);
            int[] costs =
            [
                .. Orders.All(others).Where(order => order.Zip(order.Skip(1)).All(pair => OnMap(pair.First) <= OnMap(pair.Second)))
                    .Select(order => isTrust ? Cost(order, nearest, k) : Cost(nearest, order, k)),
            ];
            sum += (costs.Min() + costs.Max()) / 2.0;
        }

        return 1 - (2 * sum / (count * k * ((2 * count) - (3 * k) - 1)));
    }

    /// <summary>Σ (rank in the other order - k) over the first k that are not among the first k there.</summary>
    private static int Cost(int[] order, int[] other, int k) => order[..k].Sum(n => Math.Max(0, Array.IndexOf(other, n) + 1 - k));
}
