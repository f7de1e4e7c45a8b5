using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Pictures;

/// <summary>Heat map of one number per unit, as a color and as text.</summary>
public static class HeatMap
{
    private const int WantedCellSize = 60;
    private const int Gap = 2;

    /// <summary>Draws the map with a scale bar.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="values">(U); cells of NaN or infinity are gray.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="format">Format of a number.</param>
    /// <param name="measure">Unit of the numbers.</param>
    /// <param name="missing">Text in the cells of NaN or infinity.</param>
    /// <param name="isFramed">Returns whether a unit gets a frame; null for none.</param>
    public static Picture Draw(
        string title, ReadOnlySpan<double> values, MapGrid grid, Func<double, string> format, string measure, string missing = "",
        Func<int, bool>? isFramed = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, grid.Units, nameof(values));
        MapLayout layout = MapLayout.Fit(grid, WantedCellSize, Gap);
        Picture picture = layout.NewPicture(title, ScaleBar.Room);
        ScaleBar bar = ScaleBar.Of(values.ToArray());
        for (int unit = 0; unit < grid.Units; unit++)
        {
            (int row, int column) = (unit / grid.Width, unit % grid.Width);
            double value = values[unit];
            Rgb color = bar.ColorOf(value);
            picture.FillRectangle(layout.X(column, row), layout.Y(row), layout.CellSize, layout.CellSize, color);
            layout.DrawCellText(picture, row, column, double.IsFinite(value) ? format(value) : missing, color.ForText());
        }

        layout.DrawFrames(picture, isFramed);
        bar.Draw(picture, layout, format, measure);
        return picture;
    }
}
