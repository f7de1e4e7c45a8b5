using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// U-matrix: distances in the latent space between neighboring units of the map. Ridges of large distances separate clusters.
/// Source: A. Ultsch, H. P. Siemon, Kohonen's Self Organizing Feature Maps for Exploratory Data Analysis, INNC 1990.
/// </summary>
public sealed class UMatrix
{
    private readonly float[] _codebook;
    private readonly int _dimension;

    /// <summary>Creates the U-matrix of a codebook.</summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="grid">Positions of the units.</param>
    public UMatrix(float[] codebook, MapGrid grid)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        ArgumentOutOfRangeException.ThrowIfNotEqual(codebook.Length % grid.Units, 0, nameof(codebook));
        _codebook = codebook;
        _dimension = codebook.Length / grid.Units;
        Grid = grid;
    }

    /// <summary>Positions of the units.</summary>
    public MapGrid Grid { get; }

    /// <summary>Computes the mean distance to the up to four neighbors, six on hexagons; NaN on a map of one unit.</summary>
    public double Mean(int row, int column)
    {
        int unit = (row * Grid.Width) + column;
        return Grid.Neighbors(unit, diagonal: false).Select(other => Distance(unit, other)).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>Computes the distance to the unit on the right; NaN in the last column.</summary>
    public double Right(int row, int column) => Distance(row, column, row, column + 1);

    /// <summary>Computes the distance to the unit below; NaN in the last row. Of rectangles.</summary>
    public double Below(int row, int column) => Distance(row, column, row + 1, column);

    /// <summary>
    /// Computes the mean of the two diagonal distances across the corner below right; NaN in the last row and column. Of rectangles.
    /// </summary>
    public double Diagonal(int row, int column)
        => (Distance(row, column, row + 1, column + 1) + Distance(row, column + 1, row + 1, column)) / 2;

    /// <summary>Computes the distance to the unit below left; NaN where there is none. Of hexagons.</summary>
    public double BelowLeft(int row, int column) => Distance(row, column, row + 1, column - 1 + (row & 1));

    /// <summary>Computes the distance to the unit below right; NaN where there is none. Of hexagons.</summary>
    public double BelowRight(int row, int column) => Distance(row, column, row + 1, column + (row & 1));

    /// <summary>
    /// Computes the distance of two places, on a torus also of those beyond its edges; NaN where there is none, or both are one unit.
    /// </summary>
    public double Between(int row, int column, int otherRow, int otherColumn) =>
        Grid.UnitAt(row, column) is { } unit && Grid.UnitAt(otherRow, otherColumn) is { } other && unit != other
            ? Distance(unit, other)
            : double.NaN;

    /// <summary>Computes the distance of two places, without those beyond the edges, where the drawing ends.</summary>
    private double Distance(int row, int column, int otherRow, int otherColumn)
    {
        MapGrid open = Grid with { Edges = MapEdges.Open };
        return open.UnitAt(row, column) is { } unit && open.UnitAt(otherRow, otherColumn) is { } other ? Distance(unit, other) : double.NaN;
    }

    private double Distance(int unit, int other)
    {
        double sum = 0;
        for (int d = 0; d < _dimension; d++)
        {
            double difference = (double)_codebook[(unit * _dimension) + d] - _codebook[(other * _dimension) + d];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
