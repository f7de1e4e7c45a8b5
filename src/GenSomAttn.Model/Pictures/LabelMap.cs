using System.Globalization;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Map of classes or clusters: each unit's prototype in a frame of the color of its class, with a bar below as long as the purity.
/// Of more classes than there are colors, each unit has the number of its class.
/// </summary>
public static class LabelMap
{
    private const int Swatch = 18;
    private const int LegendLine = 26;
    private const int WidestName = 180;
    private const int WidestGap = 14;

    /// <summary>Draws the map with a legend.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="labels">(U).</param>
    /// <param name="prototypes">(U, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of a prototype.</param>
    /// <param name="classNames">Names by label.</param>
    /// <param name="withPurity">Whether to draw the bars of the purity.</param>
    public static Picture Draw(
        string title, IReadOnlyList<UnitLabel> labels, float[] prototypes, MapGrid grid, ImageShape shape,
        IReadOnlyList<string> classNames, bool withPurity)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        MapLayout layout = LayoutOf(grid, shape);
        int gap = GapOf(layout.CellSize);
        int[] present = [.. labels.Select(unit => unit.Label).Where(label => label >= 0).Distinct().Order()];
        bool areNumbered = present.Length > 0 && present[^1] >= Palette.Classes;
        string[] lines = [.. present.Select(label => Line(label, labels.Count(unit => unit.Label == label)))];
        int inColumn = Math.Max(layout.Height / LegendLine, Math.Min(lines.Length, Palette.Classes));
        int lineWidth = (3 * Swatch) + lines.Select(TextFont.Large.Measure).DefaultIfEmpty(0).Max();
        int legend = lines.Length == 0 ? 0 : DivideUp(lines.Length, inColumn) * lineWidth;
        Picture picture = layout.NewPicture(title, Swatch + legend, Math.Min(lines.Length, inColumn) * LegendLine);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            (int x, int y) = (layout.X(unit % grid.Width, unit / grid.Width), layout.Y(unit / grid.Width));
            DrawFrame(picture, labels[unit], x, y, layout.CellSize, gap, withPurity);
            ReadOnlySpan<float> prototype = prototypes.AsSpan(unit * shape.Length, shape.Length);
            picture.DrawImage(prototype, shape, x, y, layout.CellSize / shape.Side);
            if (areNumbered && labels[unit].Label >= 0)
            {
                DrawNumber(picture, labels[unit].Label, x, y);
            }
        }

        for (int line = 0; line < lines.Length; line++)
        {
            int x = MapLayout.Left + layout.Width + Swatch + (line / inColumn * lineWidth);
            int y = MapLayout.Top + (line % inColumn * LegendLine);
            picture.FillRectangle(x, y, Swatch, Swatch, Palette.Class(present[line]));
            picture.DrawText(lines[line], x + (2 * Swatch), y + 2, TextFont.Large, Rgb.Ink);
        }

        return picture;

        string Line(int label, int units)
        {
            string number = areNumbered ? $"{label} " : "";
            string count = string.Create(CultureInfo.InvariantCulture, $" ({units} {(units == 1 ? "unit" : "units")})");
            return number + TextFont.Large.Fit(classNames[label], WidestName) + count;
        }
    }

    /// <summary>Draws the number of a class or cluster in the corner of a cell.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="label">The number, whose color is behind it.</param>
    /// <param name="x">Left edge of the cell.</param>
    /// <param name="y">Upper edge of the cell.</param>
    public static void DrawNumber(Picture picture, int label, int x, int y)
    {
        ArgumentNullException.ThrowIfNull(picture);
        const int Inset = 3;
        TextFont font = TextFont.Small;
        string text = label.ToString(CultureInfo.InvariantCulture);
        Rgb ground = Palette.Class(label);
        picture.FillRectangle(x, y, font.Measure(text) + (2 * Inset), font.CapitalHeight + (2 * Inset), ground);
        picture.DrawText(text, x + Inset, y + Inset, font, ground.ForText());
    }

    /// <summary>Returns the layout of the drawing.</summary>
    public static MapLayout LayoutOf(MapGrid grid, ImageShape shape)
    {
        int cell = MapLayout.FitImages(grid, shape.Side, gap: 0).CellSize;
        return new MapLayout(grid, cell, GapOf(cell));
    }

    private static int GapOf(int cell) => Math.Clamp(cell / 6, 2, WidestGap);

    /// <summary>Draws the frame around a cell, up to the middle of the gaps, and in its lower part the bar of the purity.</summary>
    private static void DrawFrame(Picture picture, UnitLabel unit, int x, int y, int cell, int gap, bool withPurity)
    {
        int half = Math.Max(1, (gap / 2) - 1);
        Rgb color = unit.Label < 0 ? ScaleBar.Empty : Palette.Class(unit.Label);
        picture.FillRectangle(x - half, y - half, cell + (2 * half), cell + (2 * half), color);
        if (withPurity && half > 2 && unit.Label >= 0)
        {
            picture.FillRectangle(x, y + cell + 1, (int)Math.Round(cell * unit.Purity), half - 2, color.ForText());
        }
    }
}
