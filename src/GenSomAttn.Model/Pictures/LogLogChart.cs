using System.Globalization;
using System.Text;

namespace GenSomAttn.Model.Pictures;

/// <summary>One curve of a chart.</summary>
/// <param name="Name">Legend of the measured line.</param>
/// <param name="Points">Measured points, from left to right.</param>
/// <param name="ExpectedName">Legend of the expected line.</param>
/// <param name="Expected">Expected y at the same x.</param>
public sealed record ChartCurve(
    string Name, IReadOnlyList<(double X, double Y)> Points, string ExpectedName, IReadOnlyList<double> Expected);

/// <summary>
/// Log-log chart as SVG: measured points joined by a line, expected values as a dashed line, and a legend below.
/// </summary>
/// <param name="title">Title above the chart.</param>
/// <param name="xLabel">Label of the horizontal axis, with its unit.</param>
/// <param name="yLabel">Label of the vertical axis, with its unit.</param>
/// <param name="curves">The curves; all numbers above 0.</param>
public sealed class LogLogChart(string title, string xLabel, string yLabel, IReadOnlyList<ChartCurve> curves)
{
    private const double Width = 760, PlotHeight = 380, LegendLine = 22;
    private const double LegendWidth = 36;
    private const string Solid = " stroke-width=\"2\"", Dashed = " stroke-dasharray=\"6 5\"";
    private const double Left = 80, Right = 24, Top = 44, Bottom = 56;

    // "Bright" of P. Tol, SRON/EPS/TN/09-002, 2021: distinct for color-blind readers, dark enough for lines.
    private static readonly string[] Colors = ["#4477AA", "#EE6677", "#228833", "#AA3377"];

    private readonly Axis _x = new(curves.SelectMany(curve => curve.Points.Select(point => point.X)), Left, Width - Right);
    private readonly Axis _y = new(
        curves.SelectMany(curve => curve.Points.Select(point => point.Y).Concat(curve.Expected)), Top + PlotHeight, Top);

    private readonly StringBuilder _svg = new();

    /// <summary>Returns the content of the SVG file.</summary>
    public string ToSvg()
    {
        _svg.Clear();
        double height = Top + PlotHeight + Bottom + (2 * LegendLine * curves.Count);
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif" font-size="13">""");
        Add($"<title>{Escape(title)}</title>");
        Add($"""<rect width="{Width}" height="{height}" fill="white"/>""");
        AddText(Width / 2, 26, "middle", title, " font-size=\"16\"");
        AddGrid();
        for (int curve = 0; curve < curves.Count; curve++)
        {
            AddCurve(curves[curve], Colors[curve % Colors.Length], Top + PlotHeight + Bottom + (2 * LegendLine * curve));
        }

        Add($"</svg>");
        return _svg.ToString();
    }

    private void AddGrid()
    {
        double right = Width - Right;
        double bottom = Top + PlotHeight;
        foreach (double tick in _x.Ticks)
        {
            Add($"""<path d="M{_x.At(tick):0.0} {Top}V{bottom}" stroke="#DDDDDD"/>""");
            AddText(_x.At(tick), bottom + 18, "middle", Number(tick));
        }

        foreach (double tick in _y.Ticks)
        {
            Add($"""<path d="M{Left} {_y.At(tick):0.0}H{right}" stroke="#DDDDDD"/>""");
            AddText(Left - 8, _y.At(tick) + 4, "end", Number(tick));
        }

        Add($"""<rect x="{Left}" y="{Top}" width="{right - Left}" height="{PlotHeight}" fill="none" stroke="#444444"/>""");
        AddText((Left + right) / 2, bottom + 40, "middle", xLabel);
        double middle = (Top + bottom) / 2;
        AddText(20, middle, "middle", yLabel, $" transform=\"rotate(-90 20 {middle})\"");
    }

    private void AddCurve(ChartCurve curve, string color, double legendY)
    {
        IEnumerable<(double X, double Y)> expected = curve.Points.Zip(curve.Expected, (point, y) => (point.X, y));
        AddLine(expected, color, Dashed);
        AddLine(curve.Points, color, Solid);
        foreach ((double x, double y) in curve.Points)
        {
            AddPoint(_x.At(x), _y.At(y), color);
        }

        AddLegend(legendY, curve.Name, color, Solid);
        AddPoint(Left + (LegendWidth / 2), legendY, color);
        AddLegend(legendY + LegendLine, curve.ExpectedName, color, Dashed);
    }

    private void AddPoint(double x, double y, string color) => Add($"""<circle cx="{x:0.0}" cy="{y:0.0}" r="4" fill="{color}"/>""");

    private void AddLegend(double y, string text, string color, string attributes)
    {
        Add($"""<path d="M{Left} {y}h{LegendWidth}" stroke="{color}"{attributes}/>""");
        AddText(Left + LegendWidth + 10, y + 4, "start", text);
    }

    private void AddLine(IEnumerable<(double X, double Y)> points, string color, string attributes)
    {
        IEnumerable<string> places = points.Select(
            point => string.Create(CultureInfo.InvariantCulture, $"{_x.At(point.X):0.0},{_y.At(point.Y):0.0}"));
        Add($"""<polyline points="{string.Join(' ', places)}" fill="none" stroke="{color}"{attributes}/>""");
    }

    private void AddText(double x, double y, string anchor, string text, string attributes = "")
        => Add($"""<text x="{x:0.0}" y="{y:0.0}" text-anchor="{anchor}"{attributes}>{Escape(text)}</text>""");

    private void Add(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Number(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    /// <summary>Logarithmic axis: maps a number to a coordinate.</summary>
    private sealed class Axis
    {
        private const double Margin = 1.15;
        private const int MaxTicks = 12;
        private readonly double _lowest;
        private readonly double _highest;
        private readonly double _start;
        private readonly double _end;

        public Axis(IEnumerable<double> values, double start, double end)
        {
            double[] all = [.. values];
            _lowest = Math.Log10(all.Min() / Margin);
            _highest = Math.Log10(all.Max() * Margin);
            _start = start;
            _end = end;
        }

        /// <summary>Ticks at 1, 2 and 5 times each power of ten, or at the powers alone if these are too many.</summary>
        public double[] Ticks
        {
            get
            {
                double[] fine = [.. Multiples(1, 2, 5)];
                return fine.Length <= MaxTicks ? fine : [.. Multiples(1)];
            }
        }

        public double At(double value) => _start + ((_end - _start) * (Math.Log10(value) - _lowest) / (_highest - _lowest));

        private IEnumerable<double> Multiples(params int[] factors) =>
            from power in Enumerable.Range((int)Math.Floor(_lowest), (int)Math.Ceiling(_highest - _lowest) + 2)
            from factor in factors
            let tick = factor * Math.Pow(10, power)
            where Math.Log10(tick) >= _lowest && Math.Log10(tick) <= _highest
            select tick;
    }
}
