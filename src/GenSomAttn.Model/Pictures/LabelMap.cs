using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Pictures;

/// <summary>Map of classes or clusters: each unit's prototype in the color of its class, paler for lower purity.</summary>
public static class LabelMap
{
    private const int Gap = 2;
    private const int Swatch = 16;
    private const int LegendLine = 26;

    /// <summary>Draws the map with a legend.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="labels">(U).</param>
    /// <param name="prototypes">(U, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of a prototype.</param>
    /// <param name="classNames">Names by label.</param>
    public static Picture Draw(
        string title, IReadOnlyList<UnitLabel> labels, float[] prototypes, MapGrid grid, ImageShape shape,
        IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        MapLayout layout = LayoutOf(grid, shape);
        int[] present = [.. labels.Select(unit => unit.Label).Where(label => label >= 0).Distinct().Order()];
        string[] lines = [.. present.Select(label => $"{classNames[label]} ({labels.Count(unit => unit.Label == label)})")];
        int roomRight = lines.Select(line => PixelFont.Measure(line, MapLayout.TextScale)).DefaultIfEmpty(0).Max() + (4 * Swatch);
        Picture picture = layout.NewPicture(title, roomRight, lines.Length * LegendLine);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            int x = layout.X(unit % grid.Width, unit / grid.Width);
            int y = layout.Y(unit / grid.Width);
            Rgb ground = Ground(labels[unit]);
            Rgb figure = Rgb.Mix(ground, Rgb.Ink, 0.9);
            ReadOnlySpan<float> prototype = prototypes.AsSpan(unit * shape.Length, shape.Length);
            picture.DrawTinted(prototype, shape, x, y, layout.CellSize / shape.Side, (ground, figure));
        }

        for (int line = 0; line < lines.Length; line++)
        {
            int x = MapLayout.Left + layout.Width + Swatch;
            int y = MapLayout.Top + (line * LegendLine);
            picture.FillRectangle(x, y, Swatch, Swatch, Palette.Class(present[line]));
            picture.DrawText(lines[line], x + (2 * Swatch), y + 1, MapLayout.TextScale, Rgb.Ink);
        }

        return picture;
    }

    /// <summary>Returns the layout of the drawing.</summary>
    public static MapLayout LayoutOf(MapGrid grid, ImageShape shape) => MapLayout.FitImages(grid, shape.Side, Gap);

    private static Rgb Ground(UnitLabel unit)
        => unit.Label < 0 ? Rgb.Gray(225) : Rgb.Mix(Rgb.White, Palette.Class(unit.Label), unit.Purity);
}
