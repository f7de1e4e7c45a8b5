using System.Globalization;
using System.Text;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Curves of a training over its epochs, as SVG: loss and errors on logarithmic axes, topographic errors and used units from 0 on. A chart
/// without a number, as those of the map for a model without one, is left out.
/// </summary>
public static class ScoreCurves
{
    private const double ChartWidth = 360, ChartHeight = 230, Left = 52, Right = 12, Top = 34, Bottom = 30;
    private const int Columns = 2;

    // "Bright" of P. Tol, SRON/EPS/TN/09-002, 2021: distinct for color-blind readers, dark enough for lines.
    private static readonly string[] Colors = ["#4477AA", "#EE6677"];

    private static readonly Chart[] Charts =
    [
        new("Training loss", IsLogarithmic: true, [("loss", row => row.Loss)]),
        new("Errors of test images", IsLogarithmic: true, [("mse_e", row => row.MseE), ("mse_q", row => row.MseQ)]),
        new("Topographic errors", IsLogarithmic: false, [("te4", row => row.Te4), ("te8", row => row.Te8)]),
        new("Topographic error of hexagons", IsLogarithmic: false, [("te6", row => row.Te6)]),
        new("Units used", IsLogarithmic: false, [("units", row => row.UnitsUsed)]),
        new("Accuracy on test images", IsLogarithmic: false, [("accuracy", row => row.Accuracy)]),
    ];

    /// <summary>Returns the content of the SVG file.</summary>
    /// <param name="rows">Scores of each epoch.</param>
    public static string ToSvg(IReadOnlyList<EpochMetrics> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Chart[] charts =
        [
            .. Charts.Where(chart => chart.Curves.Any(curve => rows.Any(row => Plotted(chart, curve.Value(row)) is not null))),
        ];
        StringBuilder svg = new();
        int lines = Math.Max(1, (charts.Length + Columns - 1) / Columns);
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Columns * ChartWidth} {lines * ChartHeight}" """);
        Add(svg, $"""font-family="sans-serif" font-size="12"><title>Scores of each epoch</title>{'\n'}""");
        Add(svg, $"""<rect width="100%" height="100%" fill="white"/>{'\n'}""");
        for (int at = 0; at < charts.Length; at++)
        {
            Add(svg, $"""<g transform="translate({at % Columns * ChartWidth} {at / Columns * ChartHeight})">{'\n'}""");
            AddChart(svg, charts[at], rows);
            Add(svg, $"</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AddChart(StringBuilder svg, Chart chart, IReadOnlyList<EpochMetrics> rows)
    {
        const double Bottommost = ChartHeight - Bottom, Rightmost = ChartWidth - Right;
        double[] values = [.. rows.SelectMany(row => chart.Curves.Select(curve => Plotted(chart, curve.Value(row)))).OfType<double>()];
        double[] ticks = chart.IsLogarithmic ? Logarithmic(values) : Linear(values.Max());
        double Scaled(double value) => chart.IsLogarithmic ? Math.Log10(value) : value;
        (double low, double high) = (Scaled(ticks[0]), Scaled(ticks[^1]));
        double Y(double value) => Bottommost - ((Bottommost - Top) * (Scaled(value) - low) / (high - low));
        double last = Math.Max(1, rows[^1].Epoch);
        double X(int epoch) => Left + ((Rightmost - Left) * epoch / last);

        Add(svg, $"""<text x="{Left}" y="20" font-weight="bold">{chart.Title}</text>{'\n'}""");
        foreach (double tick in ticks)
        {
            Add(svg, $"""<path d="M{Left} {Y(tick):0.0}H{Rightmost}" stroke="#DDDDDD"/>{'\n'}""");
            Add(svg, $"""<text x="{Left - 6}" y="{Y(tick) + 4:0.0}" text-anchor="end" fill="#555555">{tick:0.######}</text>{'\n'}""");
        }

        Add(svg, $"""<text x="{Left}" y="{Bottommost + 18}" fill="#555555">0</text>{'\n'}""");
        Add(svg, $"""<text x="{Rightmost}" y="{Bottommost + 18}" text-anchor="end" fill="#555555">epoch {last}</text>{'\n'}""");
        for (int at = 0; at < chart.Curves.Count; at++)
        {
            (string name, Func<EpochMetrics, double?> value) = chart.Curves[at];
            IEnumerable<string> points =
                from row in rows
                let y = Plotted(chart, value(row))
                where y is not null
                select string.Create(CultureInfo.InvariantCulture, $"{X(row.Epoch):0.0},{Y(y.Value):0.0}");
            string line = string.Join(' ', points);
            Add(svg, $"""<polyline points="{line}" fill="none" stroke="{Colors[at]}" stroke-width="2" """);
            Add(svg, $"""stroke-linecap="round" stroke-linejoin="round"/>{'\n'}""");
            Add(svg, $"""<text x="{Rightmost}" y="{20 + (14 * at)}" text-anchor="end" fill="{Colors[at]}">{name}</text>{'\n'}""");
        }
    }

    /// <summary>Returns a number if the chart can show it.</summary>
    private static double? Plotted(Chart chart, double? value) =>
        value is { } known && double.IsFinite(known) && (known > 0 || !chart.IsLogarithmic) ? known : null;

    /// <summary>Returns 1, 2 and 5 times the powers of ten around all values; the powers alone if these are too many.</summary>
    private static double[] Logarithmic(double[] values)
    {
        const int Most = 7;
        (int first, int last) = ((int)Math.Floor(Math.Log10(values.Min())), (int)Math.Ceiling(Math.Log10(values.Max())));
        double[] all = [.. Enumerable.Range(first, last - first + 1).SelectMany(power => Multiples(power, 1, 2, 5))];
        double[] near =
        [
            all.Last(tick => tick <= values.Min() * 1.0001),
            .. all.Where(tick => tick > values.Min() * 1.0001 && tick < values.Max()),
            all.First(tick => tick >= values.Max() && tick > values.Min() * 1.0001),
        ];
        return near.Length <= Most ? near : [.. Enumerable.Range(first, last - first + 1).SelectMany(power => Multiples(power, 1))];
    }

    private static IEnumerable<double> Multiples(int power, params double[] factors) =>
        factors.Select(factor => factor * Math.Pow(10, power));

    /// <summary>Returns 0 and up to five even steps to above the largest value.</summary>
    private static double[] Linear(double largest)
    {
        const int Steps = 4;
        double raw = largest > 0 ? largest / Steps : 0.25;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * new[] { 1.0, 2, 2.5, 5, 10 }.First(factor => factor * power >= raw * 0.9999);
        int steps = Math.Max(1, (int)Math.Ceiling(largest / step * 0.9999));
        return [.. Enumerable.Range(0, steps + 1).Select(at => at * step)];
    }

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>One chart.</summary>
    /// <param name="Title">Title above it.</param>
    /// <param name="IsLogarithmic">Whether the vertical axis is logarithmic.</param>
    /// <param name="Curves">Names and values of the curves.</param>
    private sealed record Chart(string Title, bool IsLogarithmic, IReadOnlyList<(string Name, Func<EpochMetrics, double?> Value)> Curves);
}
