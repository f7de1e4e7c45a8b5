namespace GenSomAttn.Model.Pictures;

/// <summary>Heat map of one number per unit, as a color and as text.</summary>
public static class HeatMap
{
    private const int WantedCellSize = 60;
    private const int Gap = 2;

    /// <summary>Draws the map with a scale bar.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="values">(rows, columns); cells of NaN or infinity are gray and empty.</param>
    /// <param name="rows">Rows of the map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="format">Format of a number.</param>
    public static Picture Draw(string title, ReadOnlySpan<double> values, int rows, int columns, Func<double, string> format)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, rows * columns, nameof(values));
        MapLayout layout = MapLayout.Fit(rows, columns, WantedCellSize, Gap);
        Picture picture = layout.NewPicture(title, ScaleBar.Room);
        ScaleBar bar = ScaleBar.Of(values.ToArray());
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double value = values[(row * columns) + column];
                Rgb color = bar.ColorOf(value);
                picture.FillRectangle(layout.X(column), layout.Y(row), layout.CellSize, layout.CellSize, color);
                if (double.IsFinite(value))
                {
                    layout.DrawCellText(picture, row, column, format(value), color.IsLight ? Rgb.Ink : Rgb.White);
                }
            }
        }

        bar.Draw(picture, layout, format);
        return picture;
    }
}
