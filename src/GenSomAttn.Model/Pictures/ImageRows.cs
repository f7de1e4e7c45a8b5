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

    /// <summary>Draws the rows.</summary>
    /// <param name="title">Written above.</param>
    /// <param name="rows">All with the same number of images.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="scale">Enlargement, at least 1.</param>
    public static Picture Draw(string title, IReadOnlyList<ImageRow> rows, ImageShape shape, int scale)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int count = rows[0].Images.Length / shape.Length;
        int labelWidth = rows.Max(row => PixelFont.Measure(row.Label, MapLayout.TextScale)) + MapLayout.Margin;
        int step = (shape.Side * scale) + Gap;
        int left = MapLayout.Margin + labelWidth;
        int top = MapLayout.Margin + TitleHeight;
        int width = Math.Max(left + (count * step), MapLayout.Margin + PixelFont.Measure(title, MapLayout.TextScale));
        var picture = new Picture(width + MapLayout.Margin, top + (rows.Count * step) + MapLayout.Margin, Rgb.White);
        picture.DrawText(title, MapLayout.Margin, MapLayout.Margin, MapLayout.TextScale, Rgb.Ink);
        for (int row = 0; row < rows.Count; row++)
        {
            int y = top + (row * step);
            int textY = y + (((shape.Side * scale) - (PixelFont.CapitalHeight * MapLayout.TextScale)) / 2);
            picture.DrawText(rows[row].Label, MapLayout.Margin, textY, MapLayout.TextScale, Rgb.Ink);
            for (int index = 0; index < count; index++)
            {
                ReadOnlySpan<float> image = rows[row].Images.AsSpan(index * shape.Length, shape.Length);
                picture.DrawImage(image, shape, left + (index * step), y, scale);
            }
        }

        return picture;
    }
}
