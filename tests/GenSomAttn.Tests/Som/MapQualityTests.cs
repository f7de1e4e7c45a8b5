using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Som;

/// <summary>Quality measures of a map.</summary>
public sealed class MapQualityTests
{
    private static readonly MapGrid Three = new(2, 3);
    private static readonly MapGrid One = new(1, 1);

    [Test]
    public void TopographicError_CornersTouch_IsAnErrorOnlyWithFourNeighbors()
    {
        // Units (0, 0) and (1, 1) of a map of three columns.
        Assert.That(MapQuality.TopographicError([0], [4], Three, diagonal: false), Is.EqualTo(1));
        Assert.That(MapQuality.TopographicError([0], [4], Three, diagonal: true), Is.Zero);
    }

    [Test]
    public void TopographicError_EndOfARowAndStartOfTheNext_DoNotTouch()
    {
        // Units 2 and 3 have neighboring numbers, but lie at (0, 2) and (1, 0).
        Assert.That(MapQuality.TopographicError([2], [3], Three, diagonal: false), Is.EqualTo(1));
        Assert.That(MapQuality.TopographicError([2], [3], Three, diagonal: true), Is.EqualTo(1));
    }

    [Test]
    public void TopographicError_SomeTouch_IsTheShareThatDoNot()
    {
        // On 2 x 3: side by side, one above the other, a corner, two apart.
        int[] bmu = [0, 0, 0, 0];
        int[] second = [1, 3, 4, 2];

        Assert.That(MapQuality.TopographicError(bmu, second, Three, diagonal: false), Is.EqualTo(0.5));
        Assert.That(MapQuality.TopographicError(bmu, second, Three, diagonal: true), Is.EqualTo(0.25));
    }

    [Test]
    public void TopographicError_MapOfOneUnit_IsUndefined()
    {
        Assert.That(MapQuality.TopographicError([0, 0], [-1, -1], One, diagonal: false), Is.Null);
    }

    [Test]
    public void QuantizationError_SquaredDistances_IsTheMeanOfTheirRoots()
    {
        // Distances 3 and 1 to the winners; those to the second do not count.
        Assert.That(MapQuality.QuantizationError([9, 100, 1, 100]), Is.EqualTo(2));
    }

    [Test]
    public void Perplexity_EvenAndUnevenHits_IsTheNumberOfUnitsInEffect()
    {
        int[] even = MapQuality.Hits([0, 1, 2, 3, 0, 1, 2, 3], 9);
        int[] uneven = MapQuality.Hits([5, 5, 5, 2], 9);

        Assert.That(MapQuality.Perplexity(even), Is.EqualTo(4).Within(1e-12));
        Assert.That(MapQuality.UnitsUsed(even), Is.EqualTo(4));
        // exp(-(3/4 ln 3/4 + 1/4 ln 1/4)) = 4 / 3^(3/4).
        Assert.That(MapQuality.Perplexity(uneven), Is.EqualTo(4 / Math.Pow(3, 0.75)).Within(1e-12));
        Assert.That(MapQuality.UnitsUsed(uneven), Is.EqualTo(2));
    }
}
