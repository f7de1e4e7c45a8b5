using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Som;

/// <summary>Distances and neighbors on every grid.</summary>
public sealed class MapGridTests
{
    private static IEnumerable<MapGrid> Grids =>
    [
        new(5, 7), new(1, 1), new(1, 9), new(4, 6, MapLattice.Hexagon), new(5, 7, MapLattice.Rectangle, MapEdges.Torus),
        new(4, 7, MapLattice.Hexagon, MapEdges.Torus), new(2, 1, MapLattice.Hexagon, MapEdges.Torus),
    ];

    /// <summary>From positions in the plane: a torus is tried in all of its nine copies.</summary>
    [TestCaseSource(nameof(Grids))]
    public void SquaredHalfCells_EveryPair_IsTheDistanceInThePlane(MapGrid grid)
    {
        for (int unit = 0; unit < grid.Units; unit++)
        {
            for (int other = 0; other < grid.Units; other++)
            {
                double expected = 4 * Copies(grid).Min(shift => SquaredDistance(Place(grid, unit), Place(grid, other), shift));
                Assert.That(grid.SquaredHalfCells(unit, other), Is.EqualTo(expected).Within(1e-9), $"{unit}, {other}");
                Assert.That(grid.SquaredHalfCells(unit, other), Is.LessThan(grid.SquaresEnd));
            }
        }
    }

    [TestCase(MapLattice.Rectangle, MapEdges.Open, false, 2, 4)]
    [TestCase(MapLattice.Rectangle, MapEdges.Open, true, 3, 8)]
    [TestCase(MapLattice.Rectangle, MapEdges.Torus, false, 4, 4)]
    [TestCase(MapLattice.Rectangle, MapEdges.Torus, true, 8, 8)]
    [TestCase(MapLattice.Hexagon, MapEdges.Open, false, 2, 6)]
    [TestCase(MapLattice.Hexagon, MapEdges.Open, true, 2, 6)]
    [TestCase(MapLattice.Hexagon, MapEdges.Torus, false, 6, 6)]
    public void AreNeighbors_CornerAndMiddle_HaveTheirNumber(
        MapLattice lattice, MapEdges edges, bool diagonal, int ofCorner, int ofMiddle)
    {
        var grid = new MapGrid(6, 5, lattice, edges);
        int Neighbors(int unit) =>
            Enumerable.Range(0, grid.Units).Count(other => other != unit && grid.AreNeighbors(unit, other, diagonal));

        Assert.That(Neighbors(0), Is.EqualTo(ofCorner));
        Assert.That(Neighbors((2 * 5) + 2), Is.EqualTo(ofMiddle));
        Assert.That(grid.AreNeighbors(3, 3, diagonal), Is.True);
    }

    private static (double X, double Y) Place(MapGrid grid, int unit)
    {
        (int row, int column) = Math.DivRem(unit, grid.Width);
        return grid.Lattice == MapLattice.Hexagon ? (column + (row % 2 / 2.0), row * Math.Sqrt(0.75)) : (column, row);
    }

    private static IEnumerable<(double X, double Y)> Copies(MapGrid grid)
    {
        int[] turns = grid.Edges == MapEdges.Torus ? [-1, 0, 1] : [0];
        double height = grid.Height * (grid.Lattice == MapLattice.Hexagon ? Math.Sqrt(0.75) : 1);
        return from y in turns from x in turns select (x * (double)grid.Width, y * height);
    }

    private static double SquaredDistance((double X, double Y) place, (double X, double Y) other, (double X, double Y) shift) =>
        Math.Pow(place.X - other.X + shift.X, 2) + Math.Pow(place.Y - other.Y + shift.Y, 2);
}
