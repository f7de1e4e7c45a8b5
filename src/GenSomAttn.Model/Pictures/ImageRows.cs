using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>A labeled row of images.</summary>
/// <param name="Label">Text before the row.</param>
/// <param name="Images">(count, S, S, C), 0 dark to 1 bright.</param>
public sealed record ImageRow(string Label, float[] Images);

/// <summary>Figure of labeled rows of images below a title.</summary>
public static class ImageRows
{
    private const int Gap = 3;
    private const int TitleHeight = 32;
    private const int NamesHeight = 20;

    /// <summary>Draws the rows.</summary>
    /// <param name="title">Written above.</param>
    /// <param name="rows">All with the same number of images.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    /// <param name="names">Names of the columns, of neighbors with the same name once; null for none.</param>
    /// <param name="bar">Color scale with its unit, on the right; null for none.</param>
    public static Picture Draw(
        string title, IReadOnlyList<ImageRow> rows, ImageShape shape, int scale, IReadOnlyList<string>? names = null,
        (ScaleBar Scale, Func<double, string> Format, string Unit)? bar = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int count = rows[0].Images.Length / shape.Length;
        int step = (shape.Side * scale) + Gap;
        int left = (2 * MapLayout.Margin) + rows.Max(row => TextFont.Large.Measure(row.Label));
        int top = MapLayout.Margin + TitleHeight + (names is null && bar is null ? 0 : NamesHeight);
        int right = left + (count * step) + (bar is null ? 0 : ScaleBar.Room);
        int width = Math.Max(right, MapLayout.Margin + TextFont.Large.Measure(title));
        var picture = new Picture(width + MapLayout.Margin, top + (rows.Count * step) + MapLayout.Margin, Rgb.White);
        picture.DrawText(title, MapLayout.Margin, MapLayout.Margin, TextFont.Large, Rgb.Ink);
        DrawNames(picture, names ?? [], left, top - NamesHeight, step);
        for (int row = 0; row < rows.Count; row++)
        {
            int y = top + (row * step);
            int textY = y + (((shape.Side * scale) - TextFont.Large.CapitalHeight) / 2);
            picture.DrawText(rows[row].Label, MapLayout.Margin, textY, TextFont.Large, Rgb.Ink);
            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<float> image = rows[row].Images.AsSpan(index * shape.Length, shape.Length);
                picture.DrawImage(image, shape, left + (index * step), y, scale);
            }
        }

        if (bar is var (colors, format, unit))
        {
            colors.Draw(picture, (left + (count * step) - Gap, top, (rows.Count * step) - Gap), format, unit);
        }

        return picture;
    }

    /// <summary>Writes the names of the columns, cut to the width of the columns that have it.</summary>
    private static void DrawNames(Picture picture, IReadOnlyList<string> names, int left, int y, int step)
    {
        for (int first = 0; first < names.Count;)
        {
            int end = first + 1;
            while (end < names.Count && names[end] == names[first])
            {
                end++;
            }

            string text = TextFont.Small.Fit(names[first], ((end - first) * step) - (2 * Gap));
            picture.DrawText(text, left + (first * step), y, TextFont.Small, Rgb.Ink);
            first = end;
        }
    }
}
