using System.Globalization;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Layout of a map in a picture: square cells with row and column numbers, below a title. Hexagons are drawn like bricks, odd rows shifted
/// by half a cell, so that each cell touches its six neighbors.
/// </summary>
/// <param name="grid">Positions of the units.</param>
/// <param name="cellSize">Pixels of a cell's side.</param>
/// <param name="gap">Pixels between cells.</param>
public sealed class MapLayout(MapGrid grid, int cellSize, int gap)
{
    /// <summary>Pixels between the picture's edge and its content.</summary>
    public const int Margin = 14;

    private const int LargestMap = 1100;
    private const int TitleHeight = 32;
    private const int AxisSize = 34;
    private static readonly int[] Steps = [1, 2, 5, 10, 20, 50, 100];

    /// <summary>Pixels of a cell's side.</summary>
    public int CellSize => cellSize;

    /// <summary>Left edge of the first column.</summary>
    public static int Left => Margin + AxisSize;

    /// <summary>Upper edge of the first row.</summary>
    public static int Top => Margin + TitleHeight + AxisSize;

    /// <summary>Pixels from the left edge of the first column to the right edge of the last.</summary>
    public int Width => (grid.Width * (cellSize + gap)) - gap + (grid.Height > 1 ? Shift(row: 1) : 0);

    /// <summary>Pixels from the upper edge of the first row to the lower edge of the last.</summary>
    public int Height => (grid.Height * (cellSize + gap)) - gap;

    /// <summary>Returns a layout with cells of the wanted size, or smaller to limit the picture's size on a large map.</summary>
    public static MapLayout Fit(MapGrid grid, int wantedCellSize, int gap)
        => new(grid, Math.Clamp((LargestMap / Math.Max(grid.Height, grid.Width)) - gap, 1, wantedCellSize), gap);

    /// <summary>Returns a layout whose cells hold a square image, enlarged up to four times if there is room.</summary>
    public static MapLayout FitImages(MapGrid grid, int side, int gap)
        => new(grid, Math.Clamp(LargestMap / (Math.Max(grid.Height, grid.Width) * side), 1, 4) * side, gap);

    /// <summary>Computes the left edge of a cell.</summary>
    public int X(int column, int row = 0) => Left + (column * (cellSize + gap)) + Shift(row);

    /// <summary>Computes the upper edge of a row.</summary>
    public int Y(int row) => Top + (row * (cellSize + gap));

    /// <summary>Creates a picture of the layout's size with the title and the row and column numbers.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="roomRight">Pixels to leave free on the right of the map.</param>
    /// <param name="roomBelowTop">Minimum height of the area on the right, from the upper edge of the map.</param>
    public Picture NewPicture(string title, int roomRight, int roomBelowTop = 0)
    {
        int width = Left + Math.Max(Width + roomRight, TextFont.Large.Measure(title)) + Margin;
        var picture = new Picture(width, Top + Math.Max(Height, roomBelowTop) + Margin, Rgb.White);
        picture.DrawText(title, Left, Margin, TextFont.Large, Rgb.Ink);
        DrawAxes(picture);
        return picture;
    }

    /// <summary>Writes text centered in a cell, in the largest font that fits; writes nothing if none fits.</summary>
    public void DrawCellText(Picture picture, int row, int column, string text, Rgb color)
    {
        ArgumentNullException.ThrowIfNull(picture);
        const int Border = 8;
        TextFont? font = new[] { TextFont.Large, TextFont.Small }.FirstOrDefault(
            each => each.Measure(text) <= cellSize - Border && each.CapitalHeight <= cellSize - Border);
        if (font is not null)
        {
            int x = X(column, row) + ((cellSize - font.Measure(text)) / 2);
            picture.DrawText(text, x, Y(row) + ((cellSize - font.CapitalHeight) / 2), font, color);
        }
    }

    /// <summary>Draws a frame around some of the cells, in the gaps.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="isFramed">Returns whether a unit gets a frame; null for none.</param>
    public void DrawFrames(Picture picture, Func<int, bool>? isFramed)
    {
        ArgumentNullException.ThrowIfNull(picture);
        for (int unit = 0; isFramed is not null && unit < grid.Units; unit++)
        {
            if (isFramed(unit))
            {
                DrawFrame(picture, unit / grid.Width, unit % grid.Width);
            }
        }
    }

    private void DrawFrame(Picture picture, int row, int column)
    {
        (int left, int top) = (X(column, row) - gap, Y(row) - gap);
        int side = cellSize + (2 * gap);
        picture.FillRectangle(left, top, side, gap, Rgb.Outline);
        picture.FillRectangle(left, top + side - gap, side, gap, Rgb.Outline);
        picture.FillRectangle(left, top, gap, side, Rgb.Outline);
        picture.FillRectangle(left + side - gap, top, gap, side, Rgb.Outline);
    }

    /// <summary>Draws lines between cells of different groups, in the middle of the gaps.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="groups">(U), the group of each cell.</param>
    /// <param name="color">Color of the lines.</param>
    public void DrawOutlines(Picture picture, IReadOnlyList<int> groups, Rgb color)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(groups);
        const int WidestLine = 4;
        int line = Math.Min(gap, WidestLine);
        int before = gap - ((gap - line) / 2);
        MapGrid drawn = grid with { Edges = MapEdges.Open };
        for (int cell = 0; cell < grid.Units; cell++)
        {
            (int row, int column) = (cell / grid.Width, cell % grid.Width);
            (int left, int top) = (X(column, row) - before, Y(row) - before);
            foreach (int other in drawn.Neighbors(cell, diagonal: false).Where(other => other < cell && groups[other] != groups[cell]))
            {
                (int otherRow, int otherLeft) = (other / grid.Width, X(other % grid.Width, other / grid.Width) - before);
                if (otherRow == row)
                {
                    FillBetween(left, top, left + line, top + cellSize + gap + line);
                }
                else
                {
                    FillBetween(Math.Max(left, otherLeft), top, Math.Min(left, otherLeft) + cellSize + gap + line, top + line);
                }
            }
        }

        void FillBetween(int left, int top, int right, int bottom)
        {
            // Not beyond the map.
            (left, right) = (Math.Max(left, Left), Math.Min(right, Left + Width));
            (top, bottom) = (Math.Max(top, Top), Math.Min(bottom, Top + Height));
            picture.FillRectangle(left, top, right - left, bottom - top, color);
        }
    }

    private int Shift(int row) => grid.HalfCells(0, row) * (cellSize + gap) / 2;

    /// <summary>Numbers the rows and columns, or where they are too small every second, fifth, tenth, ... of them.</summary>
    private void DrawAxes(Picture picture)
    {
        int space = 6 + (gap / 2);
        Rgb color = Rgb.Gray(90);
        TextFont font = TextFont.Small;
        for (int row = 0; row < grid.Height; row += Step(font.CapitalHeight))
        {
            string text = row.ToString(CultureInfo.InvariantCulture);
            picture.DrawText(
                text, Left - space - font.Measure(text), Y(row) + ((cellSize - font.CapitalHeight) / 2), font, color);
        }

        int widest = font.Measure((grid.Width - 1).ToString(CultureInfo.InvariantCulture));
        for (int column = 0; column < grid.Width; column += Step(widest))
        {
            string text = column.ToString(CultureInfo.InvariantCulture);
            int x = X(column) + ((cellSize - font.Measure(text)) / 2);
            picture.DrawText(text, x, Top - space - font.CapitalHeight, font, color);
        }

        int Step(int pixels) => Steps.First(step => step * (cellSize + gap) >= pixels + space || step == Steps[^1]);
    }
}
