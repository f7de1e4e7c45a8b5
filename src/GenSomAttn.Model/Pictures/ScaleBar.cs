namespace GenSomAttn.Model.Pictures;

/// <summary>Color scale of the numbers in a picture, and the bar beside the map that shows it.</summary>
/// <param name="Low">Number of the first color.</param>
/// <param name="High">Number of the last color.</param>
public readonly record struct ScaleBar(double Low, double High)
{
    /// <summary>Width of the bar and its numbers on the right of a map, in pixels.</summary>
    public const int Room = 110;

    private const int BarWidth = 18;
    private const int Space = 16;

    /// <summary>Returns the scale from the smallest to the largest finite number.</summary>
    public static ScaleBar Of(IEnumerable<double> values)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        return low <= high ? new ScaleBar(low, high) : new ScaleBar(0, 0);
    }

    /// <summary>Returns the color of a number; light gray for NaN and infinity.</summary>
    public Rgb ColorOf(double value)
    {
        if (!double.IsFinite(value))
        {
            return Rgb.Gray(225);
        }

        return Palette.Viridis(High > Low ? (value - Low) / (High - Low) : 0);
    }

    /// <summary>Draws the bar on the right of a map, as high as the map, with the lowest, the middle and the highest number.</summary>
    public void Draw(Picture picture, MapLayout layout, Func<double, string> format)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(format);
        int x = MapLayout.Left + layout.Width + Space;
        int bottom = MapLayout.Top + layout.Height - 1;
        for (int step = 0; step < layout.Height; step++)
        {
            Rgb color = Palette.Viridis((double)step / Math.Max(layout.Height - 1, 1));
            picture.FillRectangle(x, bottom - step, BarWidth, 1, color);
        }

        int textX = x + BarWidth + 6;
        int letter = PixelFont.CapitalHeight * MapLayout.TextScale;
        picture.DrawText(format(High), textX, MapLayout.Top, MapLayout.TextScale, Rgb.Ink);
        picture.DrawText(format(Low), textX, bottom + 1 - letter, MapLayout.TextScale, Rgb.Ink);
        if (layout.Height >= 5 * letter)
        {
            int middle = MapLayout.Top + ((layout.Height - letter) / 2);
            picture.DrawText(format((Low + High) / 2), textX, middle, MapLayout.TextScale, Rgb.Ink);
        }
    }
}
