using System.Globalization;
using System.Net;
using System.Text;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Pictures;

/// <summary>A map in the chart of order and fidelity.</summary>
/// <param name="Name">Its name, shown beside a named one and when the pointer is on it.</param>
/// <param name="TopographicError">Topographic error by the lattice's own neighbors, 4 or 6.</param>
/// <param name="MseQ">mse_q.</param>
/// <param name="Purity">Purity; null without labels.</param>
/// <param name="Lattice">The lattice.</param>
/// <param name="IsNamed">Whether its name is written beside it.</param>
public sealed record FrontierPoint(
    string Name, double TopographicError, double MseQ, double? Purity, MapLattice Lattice, bool IsNamed);

/// <summary>
/// Chart of maps as SVG: topographic error to the right, mse_q upwards, so that the best are at the lower left; color by purity, squares
/// for rectangular and hexagons for hexagonal lattices.
/// </summary>
public static class FrontierChart
{
    private const double Width = 720, Height = 480, Left = 72, Right = 130, Top = 40, Bottom = 52, Radius = 6;

    /// <summary>Returns the content of the SVG file.</summary>
    public static string ToSvg(IReadOnlyList<FrontierPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        Axis x = Axis.Of(points.Select(point => point.TopographicError), Left, Width - Right);
        Axis y = Axis.Of(points.Select(point => point.MseQ), Height - Bottom, Top);
        double[] purities = [.. points.Select(point => point.Purity).OfType<double>()];
        (double low, double high) = purities.Length == 0 ? (0, 1) : (purities.Min(), purities.Max());
        StringBuilder svg = new();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">""");
        Add(svg, $"""<title>Order and fidelity of maps</title><rect width="100%" height="100%" fill="white"/>{'\n'}""");
        AddAxes(svg, x, y);
        foreach (FrontierPoint point in points.OrderBy(point => point.IsNamed))
        {
            Rgb fill = point.Purity is { } purity ? Palette.Viridis(high > low ? (purity - low) / (high - low) : 0.5) : Rgb.White;
            AddPoint(svg, point, x.At(point.TopographicError), y.At(point.MseQ), fill);
        }

        AddLegend(svg, purities.Length == 0 ? null : (low, high));
        return svg.Append("</svg>\n").ToString();
    }

    private static void AddAxes(StringBuilder svg, Axis x, Axis y)
    {
        const double Bottommost = Height - Bottom, Rightmost = Width - Right;
        Add(svg, $"""<text x="{Left}" y="22" font-weight="bold">Order and fidelity: the lower left is better</text>{'\n'}""");
        foreach (double tick in x.Ticks)
        {
            Add(svg, $"""<path d="M{x.At(tick):0.0} {Top}V{Bottommost}" stroke="#DDDDDD"/>""");
            Add(svg, $"""<text x="{x.At(tick):0.0}" y="{Bottommost + 18}" text-anchor="middle" fill="#555555">""");
            Add(svg, $"{tick:0.####}</text>\n");
        }

        foreach (double tick in y.Ticks)
        {
            Add(svg, $"""<path d="M{Left} {y.At(tick):0.0}H{Rightmost}" stroke="#DDDDDD"/>""");
            Add(svg, $"""<text x="{Left - 6}" y="{y.At(tick) + 4:0.0}" text-anchor="end" fill="#555555">{tick:0.#####}</text>{'\n'}""");
        }

        Add(svg, $"""<text x="{(Left + Rightmost) / 2}" y="{Height - 12}" text-anchor="middle">topographic error, te4 or te6</text>""");
        Add(svg, $"""<text transform="translate(16 {(Top + Bottommost) / 2}) rotate(-90)" text-anchor="middle">mse_q</text>{'\n'}""");
    }

    private static void AddPoint(StringBuilder svg, FrontierPoint point, double x, double y, Rgb fill)
    {
        string purity = point.Purity is { } value ? string.Create(CultureInfo.InvariantCulture, $", purity {value:0.000}") : "";
        string stroke = point.IsNamed ? "#D7191C" : "#333333";
        string name = WebUtility.HtmlEncode(point.Name);
        Add(svg, $"""<path d="{Outline(point.Lattice, x, y)}" fill="{Hex(fill)}" stroke="{stroke}" """);
        Add(svg, $"""stroke-width="{(point.IsNamed ? 3 : 1)}">""");
        Add(svg, $"<title>{name}: te {point.TopographicError:0.000}, mse_q {point.MseQ:0.00000}{purity}</title></path>\n");
        if (point.IsNamed)
        {
            Add(svg, $"""<text x="{x + Radius + 4:0.0}" y="{y - 6:0.0}" fill="#D7191C">{name}</text>{'\n'}""");
        }
    }

    private static void AddLegend(StringBuilder svg, (double Low, double High)? purities)
    {
        const double X = Width - Right + 16;
        Add(svg, $"""<path d="{Outline(MapLattice.Rectangle, X, 60)}" fill="none" stroke="#333333"/>""");
        Add(svg, $"""<path d="{Outline(MapLattice.Hexagon, X, 82)}" fill="none" stroke="#333333"/>""");
        Add(svg, $"""<text x="{X + 12}" y="64">rectangle</text><text x="{X + 12}" y="86">hexagon</text>{'\n'}""");
        if (purities is not { } range)
        {
            return;
        }

        const int Steps = 20, Step = 6, First = 120;
        Add(svg, $"""<text x="{X - 6}" y="{First - 10}">purity</text>""");
        for (int at = 0; at < Steps; at++)
        {
            string color = Hex(Palette.Viridis(1 - (at / (Steps - 1.0))));
            Add(svg, $"""<rect x="{X - 6}" y="{First + (Step * at)}" width="14" height="{Step}" fill="{color}"/>""");
        }

        Add(svg, $"""<text x="{X + 14}" y="{First + 10}">{range.High:0.000}</text>""");
        Add(svg, $"""<text x="{X + 14}" y="{First + (Step * Steps)}">{range.Low:0.000}</text>{'\n'}""");
    }

    private static string Outline(MapLattice lattice, double x, double y)
    {
        (int corners, double turn) = lattice == MapLattice.Hexagon ? (6, Math.PI / 6) : (4, Math.PI / 4);
        IEnumerable<string> path = Enumerable.Range(0, corners).Select(corner => turn + (2 * Math.PI * corner / corners)).Select(angle =>
            string.Create(CultureInfo.InvariantCulture, $"{x + (Radius * Math.Cos(angle)):0.0} {y + (Radius * Math.Sin(angle)):0.0}"));
        return $"M{string.Join('L', path)}Z";
    }

    private static string Hex(Rgb color) => $"#{color.Red:X2}{color.Green:X2}{color.Blue:X2}";

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>A linear axis between ticks at even numbers.</summary>
    /// <param name="Ticks">The ticks, ascending; at least two.</param>
    /// <param name="Start">Place of the first tick.</param>
    /// <param name="End">Place of the last tick.</param>
    private sealed record Axis(IReadOnlyList<double> Ticks, double Start, double End)
    {
        /// <summary>Returns an axis of about five steps around all values; 0 to 1 without a value.</summary>
        public static Axis Of(IEnumerable<double> values, double start, double end)
        {
            const int Steps = 5;
            double[] all = [.. values.DefaultIfEmpty(0.5)];
            double range = all.Max() - all.Min();
            double raw = (range > 0 ? range : Math.Max(1e-6, all.Max())) / Steps;
            double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
            double step = power * new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= raw * 0.9999);
            long first = (long)Math.Floor(all.Min() / step);
            long last = Math.Max(first + 1, (long)Math.Ceiling(all.Max() / step));
            return new Axis([.. Enumerable.Range(0, (int)(last - first) + 1).Select(at => (first + at) * step)], start, end);
        }

        public double At(double value) => Start + ((End - Start) * (value - Ticks[0]) / (Ticks[^1] - Ticks[0]));
    }
}
