using GenSomAttn.Engine.Som;
using NUnit.Framework;

namespace GenSomAttn.Tests.Som;

/// <summary>Paths over the map.</summary>
public sealed class MapPathTests
{
    [Test]
    public void Between_AlongARow_PassesTheUnitsAndTheirMeans()
    {
        // One dimension; 2 x 3 units.
        float[] codebook = [0, 10, 30, 5, 6, 7];

        Assert.That(MapPath.Between(codebook, 3, 1, 0, 2, 5), Is.EqualTo([0f, 5, 10, 20, 30]).Within(1e-6));
        Assert.That(MapPath.Between(codebook, 3, 1, 2, 0, 3), Is.EqualTo([30f, 10, 0]).Within(1e-6));
    }

    [Test]
    public void Between_AcrossACell_IsTheBilinearMeanOfItsCorners()
    {
        float[] codebook = [0, 1, 10, 2, 20, 3, 70, 4];

        // Two dimensions; the middle of 2 x 2 units.
        Assert.That(MapPath.Between(codebook, 2, 2, 0, 3, 3), Is.EqualTo([0f, 1, 25, 2.5f, 70, 4]).Within(1e-6));
    }

    [Test]
    public void Between_AnyTwoUnits_EndsExactlyOnThem()
    {
        float[] codebook = [.. Enumerable.Range(0, 35).Select(unit => (float)(unit * unit))];
        for (int from = 0; from < 35; from++)
        {
            for (int to = 0; to < 35; to++)
            {
                float[] path = MapPath.Between(codebook, 7, 1, from, to, 11);
                Assert.That((path[0], path[^1]), Is.EqualTo((codebook[from], codebook[to])), $"from {from} to {to}");
            }
        }
    }

    [Test]
    public void Through_SeveralPoints_PassesEachOfThem()
    {
        float[] codebook = [0, 10, 30, 5, 6, 7];

        // From unit 0,0 to 0,2, to the middle between 0,2 and 1,2.
        float[] path = MapPath.Through(codebook, 3, 1, [(0, 0), (0, 2), (0.5, 2)], 5);

        Assert.That(path, Is.EqualTo([0f, 10, 30, 24.25f, 18.5f]).Within(1e-5));
    }
}
