using System.Globalization;

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
        var table = new NumberTable("row", "column", "mean", "right", "below", "diagonal");
        var values = new List<double>();
        foreach ((int row, int column) in Cells(matrix))
        {
            double[] cell = [matrix.Mean(row, column), matrix.Right(row, column), matrix.Below(row, column), matrix.Diagonal(row, column)];
            table.AddRow(row, column, cell[0], cell[1], cell[2], cell[3]);
            values.AddRange(cell);
        }

        MapLayout layout = Layout(matrix);
        Picture picture = layout.NewPicture("U-matrix: distance to the neighbors", ScaleBar.Room);
        ScaleBar bar = ScaleBar.Of(values);
        foreach ((int row, int column) in Cells(matrix))
        {
            DrawCell(picture, layout, bar, matrix, row, column);
        }

        if (clusters is not null)
        {
            layout.DrawOutlines(picture, clusters, Rgb.Outline);
        }

        bar.Draw(picture, layout, Format);
        return new Figure("umatrix", picture, table);
    }

    private static MapLayout Layout(UMatrix matrix)
    {
        MapLayout layout = MapLayout.Fit(matrix.Rows, matrix.Columns, WantedCellSize, LinkSize);
        // On a map with very many units the cells, and then the links, shrink to a pixel.
        return layout.CellSize < LinkSize
            ? MapLayout.Fit(matrix.Rows, matrix.Columns, WantedCellSize, Math.Max(layout.CellSize, 1))
            : layout;
    }

    private static void DrawCell(Picture picture, MapLayout layout, ScaleBar bar, UMatrix matrix, int row, int column)
    {
        int size = layout.CellSize;
        int x = layout.X(column);
        int y = layout.Y(row);
        int right = x + size;
        int below = y + size;
        int linkWidth = layout.X(column + 1) - right;
        double mean = matrix.Mean(row, column);
        Rgb color = bar.ColorOf(mean);
        picture.FillRectangle(x, y, size, size, color);
        if (double.IsFinite(mean))
        {
            layout.DrawCellText(picture, row, column, Format(mean), color.IsLight ? Rgb.Ink : Rgb.White);
        }

        bool hasRight = column + 1 < matrix.Columns;
        bool hasBelow = row + 1 < matrix.Rows;
        if (hasRight)
        {
            picture.FillRectangle(right, y, linkWidth, size, bar.ColorOf(matrix.Right(row, column)));
        }

        if (hasBelow)
        {
            picture.FillRectangle(x, below, size, linkWidth, bar.ColorOf(matrix.Below(row, column)));
        }

        if (hasRight && hasBelow)
        {
            picture.FillRectangle(right, below, linkWidth, linkWidth, bar.ColorOf(matrix.Diagonal(row, column)));
        }
    }

    private static IEnumerable<(int Row, int Column)> Cells(UMatrix matrix)
        => from row in Enumerable.Range(0, matrix.Rows) from column in Enumerable.Range(0, matrix.Columns) select (row, column);

    private static string Format(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
