using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Two maps side by side. Each unit of the first has a color of its place, and each unit of the second the color and the place of the unit
/// of the first whose decoded image is most similar: where two maps agree, the colors are in the same order.
/// </summary>
public static class MapsBeside
{
    private const int LargestMap = 900;
    private const int WidestFrame = 5;
    private const int Between = 40;

    /// <summary>Draws the maps.</summary>
    /// <param name="first">Name, decoded units (U, S, S, C) and positions of the first map.</param>
    /// <param name="second">The same of the second map.</param>
    /// <param name="shape">Shape of an image of both.</param>
    public static Figure Draw(
        (string Name, float[] Images, MapGrid Grid) first, (string Name, float[] Images, MapGrid Grid) second, ImageShape shape)
    {
        var table = new NumberTable("row", "column", "other_row", "other_column", "mse");
        Rgb[] colors = [.. Enumerable.Range(0, first.Grid.Units).Select(unit => ColorOf(unit, first.Grid))];
        (int Unit, double Mse)[] nearest =
            [.. Enumerable.Range(0, second.Grid.Units).Select(unit => Nearest(second.Images, unit, first.Images, first.Grid.Units, shape))];
        for (int unit = 0; unit < nearest.Length; unit++)
        {
            (int other, double mse) = nearest[unit];
            table.AddRow(
                other / first.Grid.Width, other % first.Grid.Width, unit / second.Grid.Width, unit % second.Grid.Width, mse);
        }

        Picture left = DrawMap(first, shape, colors, _ => null);
        Picture right = DrawMap(
            second, shape, [.. nearest.Select(pair => colors[pair.Unit])],
            unit => $"{nearest[unit].Unit / first.Grid.Width},{nearest[unit].Unit % first.Grid.Width}");
        var picture = new Picture(left.Width + Between + right.Width, Math.Max(left.Height, right.Height), Rgb.White);
        picture.Paste(left, 0, 0);
        picture.Paste(right, left.Width + Between, 0);
        return new Figure(
            "beside", picture, table,
            "On the right, the color and the numbers of each unit are those of the most similar unit on the left.");
    }

    private static Picture DrawMap(
        (string Name, float[] Images, MapGrid Grid) map, ImageShape shape, Rgb[] colors, Func<int, string?> textOf)
    {
        MapGrid grid = map.Grid;
        int scale = Math.Max(1, LargestMap / (Math.Max(grid.Height, grid.Width) * shape.Side));
        int frame = Math.Clamp(scale * shape.Side / 7, 1, WidestFrame);
        var layout = new MapLayout(grid, scale * shape.Side, (2 * frame) + 2);
        int room = layout.Width;
        Picture picture = layout.NewPicture(TextFont.Large.Fit(map.Name, room), roomRight: 0);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            (int x, int y) = (layout.X(unit % grid.Width, unit / grid.Width), layout.Y(unit / grid.Width));
            picture.FillRectangle(x - frame, y - frame, layout.CellSize + (2 * frame), layout.CellSize + (2 * frame), colors[unit]);
            picture.DrawImage(map.Images.AsSpan(unit * shape.Length, shape.Length), shape, x, y, scale);
            if (textOf(unit) is { } text && TextFont.Small.Measure(text) < layout.CellSize)
            {
                const int Inset = 2;
                picture.FillRectangle(
                    x, y, TextFont.Small.Measure(text) + (2 * Inset), TextFont.Small.CapitalHeight + (2 * Inset), colors[unit]);
                picture.DrawText(text, x + Inset, y + Inset, TextFont.Small, colors[unit].ForText());
            }
        }

        return picture;
    }

    /// <summary>Returns the color of a place: from blue to yellow over the columns, and darker from the first row to the last.</summary>
    private static Rgb ColorOf(int unit, MapGrid grid)
    {
        const double Darkest = 0.65;
        double across = grid.Width > 1 ? (double)(unit % grid.Width) / (grid.Width - 1) : 0;
        double down = grid.Height > 1 ? (double)(unit / grid.Width) / (grid.Height - 1) : 0;
        return Rgb.Mix(Palette.Viridis(0.25 + (0.75 * across)), Rgb.Gray(0), Darkest * down);
    }

    private static (int Unit, double Mse) Nearest(float[] images, int unit, float[] others, int count, ImageShape shape)
    {
        ReadOnlySpan<float> own = images.AsSpan(unit * shape.Length, shape.Length);
        (int best, double least) = (0, double.PositiveInfinity);
        for (int other = 0; other < count; other++)
        {
            double distance = Metrics.NearestRows.SquaredDistance(own, others.AsSpan(other * shape.Length, shape.Length));
            (best, least) = distance < least ? (other, distance) : (best, least);
        }

        return (best, least / shape.Length);
    }
}
