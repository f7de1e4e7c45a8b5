namespace GenSomAttn.Model.Pictures;

/// <summary>Color scale of the numbers in a picture, from 0 on, and the bar beside the map that shows it.</summary>
/// <param name="High">Number of the last color.</param>
public readonly record struct ScaleBar(double High)
{
    /// <summary>Width of the bar and its numbers on the right of a map, in pixels.</summary>
    public const int Room = 120;

    /// <summary>Color of a cell without a number.</summary>
    public static readonly Rgb Empty = Rgb.Gray(225);

    private const int BarWidth = 18;
    private const int Space = 16;

    /// <summary>Returns the scale from 0 to the largest finite number.</summary>
    public static ScaleBar Of(IEnumerable<double> values) => new(values.Where(double.IsFinite).DefaultIfEmpty(0).Max());

    /// <summary>Returns the color of a number; light gray for NaN and infinity.</summary>
    public Rgb ColorOf(double value) => double.IsFinite(value) ? Palette.Viridis(High > 0 ? value / High : 0) : Empty;

    /// <summary>Draws the bar on the right of a map, as high as the map, with 0, the middle and the highest number.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="layout">Layout of the map.</param>
    /// <param name="format">Format of a number.</param>
    /// <param name="unit">Unit of the numbers, above the bar.</param>
    public void Draw(Picture picture, MapLayout layout, Func<double, string> format, string unit)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Draw(picture, (MapLayout.Left + layout.Width, MapLayout.Top, layout.Height), format, unit);
    }

    /// <summary>Draws the bar on the right of something.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="beside">Right and upper edge, and height, of what the bar stands beside.</param>
    /// <param name="format">Format of a number.</param>
    /// <param name="unit">Unit of the numbers, above the bar.</param>
    public void Draw(Picture picture, (int Right, int Top, int Height) beside, Func<double, string> format, string unit)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(format);
        (int right, int top, int height) = beside;
        int x = right + Space;
        int bottom = top + height - 1;
        for (int step = 0; step < height; step++)
        {
            picture.FillRectangle(x, bottom - step, BarWidth, 1, Palette.Viridis((double)step / Math.Max(height - 1, 1)));
        }

        int textX = x + BarWidth + 6;
        int letter = TextFont.Large.CapitalHeight;
        picture.DrawText(unit, x, top - 6 - TextFont.Small.CapitalHeight, TextFont.Small, Rgb.Ink);
        picture.DrawText(format(High), textX, top, TextFont.Large, Rgb.Ink);
        if (height >= 2 * letter)
        {
            picture.DrawText(format(0), textX, bottom + 1 - letter, TextFont.Large, Rgb.Ink);
        }

        if (height >= 5 * letter)
        {
            picture.DrawText(format(High / 2), textX, top + ((height - letter) / 2), TextFont.Large, Rgb.Ink);
        }
    }
}
