using System.Globalization;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Pictures;

/// <summary>Figure of the U-matrix: a cell for each unit and, between the cells, the distance of each pair of neighbors.</summary>
public static class UMatrixFigure
{
    private const int WantedCellSize = 40;
    private const int LinkSize = 18;

    /// <summary>Draws the matrix with a scale bar.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="clusters">Clusters to outline, the number of each unit's; null for none.</param>
    public static Figure Draw(UMatrix matrix, IReadOnlyList<int>? clusters = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        bool hexagons = matrix.Grid.Lattice == MapLattice.Hexagon;
        string[] namesBelow = hexagons ? ["below_left", "below_right"] : ["below", "diagonal"];
        var table = new NumberTable(["row", "column", "mean", "right", .. namesBelow]);
        var values = new List<double>();
        foreach ((int row, int column) in Cells(matrix))
        {
            double[] below = hexagons
                ? [matrix.BelowLeft(row, column), matrix.BelowRight(row, column)]
                : [matrix.Below(row, column), matrix.Diagonal(row, column)];
            double[] cell = [matrix.Mean(row, column), matrix.Right(row, column), .. below];
            table.AddRow(row, column, cell[0], cell[1], cell[2], cell[3]);
            values.AddRange(cell);
            int unit = (row * matrix.Grid.Width) + column;
            values.AddRange(matrix.Grid.Neighbors(unit, diagonal: false).Select(
                other => matrix.Between(row, column, other / matrix.Grid.Width, other % matrix.Grid.Width)));
        }

        MapLayout layout = Layout(matrix);
        Picture picture = layout.NewPicture("U-matrix: distance to the neighbors", ScaleBar.Room);
        ScaleBar bar = ScaleBar.Of(values);
        foreach ((int row, int column) in Cells(matrix))
        {
            DrawCell(picture, layout, bar, matrix, row, column);
            if (matrix.Grid.Edges == MapEdges.Torus)
            {
                DrawCut(picture, layout, bar, matrix, row, column);
            }
        }

        if (clusters is not null)
        {
            layout.DrawOutlines(picture, clusters, Rgb.Outline);
        }

        bar.Draw(picture, layout, Format, "distance");
        return new Figure(
            "umatrix", picture, table,
            "Each square is a unit, with its mean distance to its neighbors; between two units is their own distance: bright lines "
            + "separate groups of similar images, and red ones are the borders of clusters.");
    }

    private static MapLayout Layout(UMatrix matrix)
    {
        MapLayout layout = MapLayout.Fit(matrix.Grid, WantedCellSize, LinkSize);
        // On a map with very many units the cells, and then the links, shrink to a pixel.
        return layout.CellSize < LinkSize
            ? MapLayout.Fit(matrix.Grid, WantedCellSize, Math.Max(layout.CellSize, 1))
            : layout;
    }

    private static void DrawCell(Picture picture, MapLayout layout, ScaleBar bar, UMatrix matrix, int row, int column)
    {
        int size = layout.CellSize;
        int x = layout.X(column, row);
        int y = layout.Y(row);
        int right = x + size;
        int below = y + size;
        int linkWidth = layout.X(column + 1, row) - right;
        double mean = matrix.Mean(row, column);
        Rgb color = bar.ColorOf(mean);
        picture.FillRectangle(x, y, size, size, color);
        if (double.IsFinite(mean))
        {
            layout.DrawCellText(picture, row, column, Format(mean), color.ForText());
        }

        DrawLink(picture, bar, right, y, linkWidth, size, matrix.Right(row, column));
        if (matrix.Grid.Lattice == MapLattice.Rectangle)
        {
            DrawLink(picture, bar, x, below, size, linkWidth, matrix.Below(row, column));
            DrawLink(picture, bar, right, below, linkWidth, linkWidth, matrix.Diagonal(row, column));
            return;
        }

        // Below the middle of a cell is the gap between the two cells below, and below that between two cells is a cell.
        int half = size / 2;
        double acrossRight = (matrix.BelowRight(row, column) + matrix.BelowLeft(row, column + 1)) / 2;
        DrawLink(picture, bar, x, below, half, linkWidth, matrix.BelowLeft(row, column));
        DrawLink(picture, bar, x + half, below, size - half, linkWidth, matrix.BelowRight(row, column));
        DrawLink(picture, bar, right, below, linkWidth, linkWidth, acrossRight);
    }

    /// <summary>Draws half of the distances to the neighbors at the opposite edge, outside of the map, where a torus is cut.</summary>
    private static void DrawCut(Picture picture, MapLayout layout, ScaleBar bar, UMatrix matrix, int row, int column)
    {
        (int x, int y, int size) = (layout.X(column, row), layout.Y(row), layout.CellSize);
        int link = layout.X(column + 1, row) - x - size;
        int half = link / 2;
        bool hexagons = matrix.Grid.Lattice == MapLattice.Hexagon;
        int shift = hexagons ? row & 1 : 0;
        double To(int otherRow, int otherColumn) => matrix.Between(row, column, otherRow, otherColumn);
        foreach (int side in (int[])[-1, 1])
        {
            if (column == (side < 0 ? 0 : matrix.Grid.Width - 1))
            {
                int left = side < 0 ? x - half : x + size;
                double corner = (To(row + 1, column + side) + matrix.Between(row, column + side, row + 1, column)) / 2;
                DrawLink(picture, bar, left, y, half, size, To(row, column + side));
                DrawLink(picture, bar, left, y + size, half, hexagons || row == matrix.Grid.Height - 1 ? 0 : link, corner);
            }

            if (row == (side < 0 ? 0 : matrix.Grid.Height - 1))
            {
                int top = side < 0 ? y - half : y + size;
                double left = To(row + side, hexagons ? column - 1 + shift : column);
                double right = To(row + side, column + shift);
                double corner = hexagons
                    ? (right + matrix.Between(row, column + 1, row + side, column + shift)) / 2
                    : (To(row + side, column + 1) + matrix.Between(row, column + 1, row + side, column)) / 2;
                DrawLink(picture, bar, x, top, size / 2, half, left);
                DrawLink(picture, bar, x + (size / 2), top, size - (size / 2), half, right);
                DrawLink(picture, bar, x + size, top, column == matrix.Grid.Width - 1 ? 0 : link, half, corner);
            }
        }
    }

    private static void DrawLink(Picture picture, ScaleBar bar, int x, int y, int width, int height, double distance)
    {
        if (double.IsFinite(distance))
        {
            picture.FillRectangle(x, y, width, height, bar.ColorOf(distance));
        }
    }

    private static IEnumerable<(int Row, int Column)> Cells(UMatrix matrix)
        => from row in Enumerable.Range(0, matrix.Grid.Height) from column in Enumerable.Range(0, matrix.Grid.Width) select (row, column);

    private static string Format(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
