namespace GenSomAttn.Kernels.Shapes;

/// <summary>Arrangement of the units.</summary>
public enum MapLattice
{
    /// <summary>Rows under each other: a unit has 4 neighbors, or 8 with the diagonal ones.</summary>
    Rectangle,

    /// <summary>Odd rows shifted right by half a cell, rows √3/2 cells apart: a unit has 6 neighbors, all at distance 1.</summary>
    Hexagon,
}

/// <summary>What is beyond the edges of the map.</summary>
public enum MapEdges
{
    /// <summary>Nothing.</summary>
    Open,

    /// <summary>The opposite edge, for rows and for columns.</summary>
    Torus,
}

/// <summary>Positions of the units of a map, and their distances; unit = row · width + column, cells have a side of 1.</summary>
/// <param name="Height">Rows of units.</param>
/// <param name="Width">Columns of units.</param>
/// <param name="Lattice">Arrangement of the units.</param>
/// <param name="Edges">What is beyond the edges; hexagons on a torus need an even number of rows.</param>
public readonly record struct MapGrid(
    int Height, int Width, MapLattice Lattice = MapLattice.Rectangle, MapEdges Edges = MapEdges.Open)
{
    /// <summary>Squared distance of direct neighbors in half cells.</summary>
    private const int NeighborSquare = 4;

    /// <summary>U, number of units.</summary>
    public int Units => Height * Width;

    /// <summary>
    /// Squared distance at which <see cref="SquaredHalfCells"/> of two units never arrives: the length of a table that it indexes.
    /// </summary>
    public int SquaresEnd => 4 * ((Height * Height) + (Width * Width));

    /// <summary>
    /// Computes the squared Euclidean distance of two units in half cells, 4 d²: an integer on both lattices. Rectangle: (2 rows)² + (2
    /// columns)². Hexagon: 3 rows² + x², with x = 2 columns plus 1 from an even to an odd row.
    /// </summary>
    public int SquaredHalfCells(int unit, int other)
    {
        int row = unit / Width;
        int otherRow = other / Width;
        int y = Math.Abs(row - otherRow);
        int x = HalfCells(unit - (row * Width), row) - HalfCells(other - (otherRow * Width), otherRow);
        x = Math.Abs(x);
        if (Edges == MapEdges.Torus)
        {
            y = Math.Min(y, Height - y);
            x = Math.Min(x, (2 * Width) - x);
        }

        return (x * x) + ((Lattice == MapLattice.Hexagon ? 3 : 4) * y * y);
    }

    /// <summary>
    /// Returns whether two units are neighbors: the same unit, or at distance 1. With <paramref name="diagonal"/> also at √2, which only
    /// a rectangle has.
    /// </summary>
    /// <param name="unit">A unit.</param>
    /// <param name="other">Another unit.</param>
    /// <param name="diagonal">Whether diagonal units are neighbors too: 8 neighbors instead of 4.</param>
    public bool AreNeighbors(int unit, int other, bool diagonal) =>
        SquaredHalfCells(unit, other) <= (diagonal ? 2 * NeighborSquare : NeighborSquare);

    /// <summary>
    /// Lists the neighbors of a unit, each once, those above first, then those below, left and right: at distance 1, and with
    /// <paramref name="diagonal"/> at √2.
    /// </summary>
    public IReadOnlyList<int> Neighbors(int unit, bool diagonal)
    {
        MapGrid grid = this;
        (int row, int column) = (unit / Width, unit % Width);
        var around =
            from y in (int[])[-1, 1, 0]
            from x in (int[])[-1, 0, 1]
            select grid.UnitAt(row + y, column + x) into other
            where other is { } found && found != unit && grid.AreNeighbors(unit, found, diagonal)
            select other.Value;
        return [.. around.Distinct()];
    }

    /// <summary>Returns the unit at a place, beyond the edges of a torus at its other end; null where there is none.</summary>
    public int? UnitAt(int row, int column)
    {
        if (Edges == MapEdges.Torus)
        {
            (row, column) = ((row + Height) % Height, (column + Width) % Width);
        }

        return row >= 0 && row < Height && column >= 0 && column < Width ? (row * Width) + column : null;
    }

    /// <summary>Returns the horizontal position of a unit, in half cells.</summary>
    public int HalfCells(int column, int row) => (2 * column) + (Lattice == MapLattice.Hexagon ? row & 1 : 0);
}
