using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Sampling;
using NUnit.Framework;

namespace GenSomAttn.Tests.Sampling;

/// <summary>The position in which maps are shown.</summary>
public sealed class CanonicalOrderTests
{
    [Test]
    public void Of_AnyOfTheEightPositionsOfASquareMap_ShowsTheSameMap()
    {
        float[] map = [9, 2, 1, 7, 3, 0, 5, 4, 1];
        float[] expected = Shown(map, new MapGrid(3, 3));
        foreach (float[] turned in Positions(map, 3))
        {
            Assert.That(Shown(turned, new MapGrid(3, 3)), Is.EqualTo(expected));
        }

        Assert.That(expected, Is.EqualTo(map), "bright on the left, and more so above");
    }

    [TestCase(2, 3)]
    [TestCase(1, 4)]
    public void Of_ARectangle_IsMirroredButNotTurned(int rows, int columns)
    {
        var grid = new MapGrid(rows, columns);
        float[] map = [.. Enumerable.Range(0, grid.Units).Select(unit => (float)(10 - unit))];
        float[] halfTurn = [.. map.Reverse()];

        Assert.That(Shown(halfTurn, grid), Is.EqualTo(map));
        Assert.That(Shown(map, grid), Is.EqualTo(map));
    }

    [TestCase(4, 3)]
    [TestCase(3, 4)]
    public void Of_Hexagons_KeepsNeighbors(int rows, int columns)
    {
        var grid = new MapGrid(rows, columns, MapLattice.Hexagon);
        float[] map = [.. Enumerable.Range(0, grid.Units).Select(unit => (float)unit)];

        int[] order = CanonicalOrder.Of(map, grid);

        Assert.That(order, Is.Not.EqualTo(Enumerable.Range(0, grid.Units)), "the brighter end is not first");
        for (int unit = 0; unit < grid.Units; unit++)
        {
            Assert.That(
                grid.Neighbors(unit, diagonal: false).Select(other => order[other]),
                Is.EquivalentTo(grid.Neighbors(order[unit], diagonal: false)));
        }
    }

    [Test]
    public void Of_AnEvenOrUndefinedBrightness_ChangesNothing()
    {
        var grid = new MapGrid(2, 2);
        Assert.That(CanonicalOrder.Of([1, 1, 1, 1], grid), Is.EqualTo([0, 1, 2, 3]));
        Assert.That(CanonicalOrder.Of([float.NaN, 1, 1, 1], grid), Is.EqualTo([0, 1, 2, 3]));
    }

    [Test]
    public void Inverse_OfAnOrder_LeadsBack()
    {
        int[] order = [2, 0, 3, 1];
        Assert.That(CanonicalOrder.Inverse(order).Select(unit => order[unit]), Is.EqualTo([0, 1, 2, 3]));
    }

    private static float[] Shown(float[] map, MapGrid grid) => [.. CanonicalOrder.Of(map, grid).Select(unit => map[unit])];

    private static IEnumerable<float[]> Positions(float[] map, int side)
    {
        for (int position = 0; position < 8; position++)
        {
            yield return
            [
                .. Enumerable.Range(0, map.Length).Select(unit =>
                {
                    (int row, int column) = (unit / side, unit % side);
                    (row, column) = (position & 1) == 0 ? (row, column) : (column, row);
                    row = (position & 2) == 0 ? row : side - 1 - row;
                    column = (position & 4) == 0 ? column : side - 1 - column;
                    return map[(row * side) + column];
                }),
            ];
        }
    }
}
