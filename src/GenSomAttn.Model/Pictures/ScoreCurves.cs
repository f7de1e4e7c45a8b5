using System.Globalization;
using System.Security;
using System.Text;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Pictures;

/// <summary>A training whose curves are drawn.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Rows">Scores of each epoch.</param>
/// <param name="Losses">Losses of single steps; those after the last row's epoch are left out.</param>
public sealed record CurveSource(string Name, IReadOnlyList<EpochMetrics> Rows, IReadOnlyList<StepLoss> Losses);

/// <summary>
/// Curves of a training over its steps and epochs, as SVG: losses, errors and rates on logarithmic axes, topographic errors and used units
/// from 0 on. A chart without a number, as those of the map for a model without one, is left out.
/// </summary>
public static class ScoreCurves
{
    private const double ChartWidth = 360, ChartHeight = 230, Left = 58, Right = 12, Top = 38, Bottom = 34, Footer = 30, LegendWidth = 90;
    private const int Columns = 2;

    // "Bright" of P. Tol, SRON/EPS/TN/09-002, 2021: distinct for color-blind readers, dark enough for lines.
    private static readonly string[] Colors = ["#4477AA", "#EE6677"];

    // The lines of the first training are solid, of the second dashed.
    private static readonly string[] Dashes = ["", " stroke-dasharray=\"5 4\""];

    private static readonly Chart[] Charts =
    [
        new("Loss of a step", true, "step", [new("loss", run => Losses(run))]),
        new("Loss, mean of an epoch", true, "epoch", [Epochs("loss", row => row.Loss)]),
        new(
            "Errors of test images, MSE of a pixel", true, "epoch",
            [Epochs("mse_e", row => row.MseE), Epochs("mse_q", row => row.MseQ)]),
        new(
            "Topographic errors, share of images", false, "epoch",
            [Epochs("te4", row => row.Te4), Epochs("te8", row => row.Te8)]),
        new("Topographic error of hexagons", false, "epoch", [Epochs("te6", row => row.Te6)]),
        new("Units used, number", false, "epoch", [Epochs("units", row => row.UnitsUsed)]),
        new("Accuracy on test images", false, "epoch", [Epochs("accuracy", row => row.Accuracy)]),
        new("Neighborhood width, grid cells", false, "epoch", [Epochs("sigma", row => row.Sigma)]),
        new(
            "Rates of map and networks", true, "epoch",
            [Epochs("eta", row => row.Eta), Epochs("learning rate", row => row.LearningRate)]),
    ];

    /// <summary>Returns the content of the SVG file of one training.</summary>
    /// <param name="rows">Scores of each epoch.</param>
    /// <param name="losses">Losses of single steps.</param>
    public static string ToSvg(IReadOnlyList<EpochMetrics> rows, IReadOnlyList<StepLoss> losses) => ToSvg([new("", rows, losses)]);

    /// <summary>Returns the content of the SVG file of one training or two.</summary>
    public static string ToSvg(IReadOnlyList<CurveSource> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(runs.Count, Dashes.Length, nameof(runs));
        Chart[] charts = [.. Charts.Where(chart => runs.Any(run => chart.Curves.Any(curve => Plotted(chart, curve, run).Any())))];
        StringBuilder svg = new();
        double footer = runs.Count > 1 ? Footer : 0;
        double height = Math.Max(1, (charts.Length + Columns - 1) / Columns) * ChartHeight;
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Columns * ChartWidth} {height + footer}" """);
        Add(svg, $"""font-family="sans-serif" font-size="12" fill="#222222"><title>Scores of each epoch</title>{'\n'}""");
        Add(svg, $"""<rect width="100%" height="100%" fill="white"/>{'\n'}""");
        for (int at = 0; at < charts.Length; at++)
        {
            Add(svg, $"""<g transform="translate({at % Columns * ChartWidth} {at / Columns * ChartHeight})">{'\n'}""");
            AddChart(svg, charts[at], runs);
            Add(svg, $"</g>\n");
        }

        for (int at = 0; at < runs.Count && runs.Count > 1; at++)
        {
            double x = Left + (at * ChartWidth);
            Add(svg, $"""<path d="M{x} {height + 12}h36" stroke="#222222" stroke-width="2"{Dashes[at]}/>{'\n'}""");
            Add(svg, $"""<text x="{x + 44}" y="{height + 16}">{Escape(runs[at].Name)}</text>{'\n'}""");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void AddChart(StringBuilder svg, Chart chart, IReadOnlyList<CurveSource> runs)
    {
        const double Bottommost = ChartHeight - Bottom, Rightmost = ChartWidth - Right;
        (double X, double Y)[] all = [.. runs.SelectMany(run => chart.Curves.SelectMany(curve => Plotted(chart, curve, run)))];
        double[] values = [.. all.Select(point => point.Y)];
        double[] ticks = chart.IsLogarithmic ? Logarithmic(values) : Linear(values.Max());
        double Scaled(double value) => chart.IsLogarithmic ? Math.Log10(value) : value;
        (double low, double high) = (Scaled(ticks[0]), Scaled(ticks[^1]));
        double Y(double value) => Bottommost - ((Bottommost - Top) * (Scaled(value) - low) / (high - low));
        double last = Math.Max(1, all.Max(point => point.X));
        double X(double value) => Left + ((Rightmost - Left) * value / last);

        Add(svg, $"""<text x="{Left}" y="16" font-weight="bold">{chart.Title}</text>{'\n'}""");
        foreach (double tick in ticks)
        {
            Add(svg, $"""<path d="M{Left} {Y(tick):0.0}H{Rightmost}" stroke="#DDDDDD"/>{'\n'}""");
            Add(svg, $"""<text x="{Left - 6}" y="{Y(tick) + 4:0.0}" text-anchor="end" fill="#555555">{tick:0.######}</text>{'\n'}""");
        }

        Add(svg, $"""<text x="{Left}" y="{Bottommost + 18}" fill="#555555">0</text>{'\n'}""");
        Add(svg, $"""<text x="{Rightmost}" y="{Bottommost + 18}" text-anchor="end" fill="#555555">{chart.Across} {last}</text>{'\n'}""");
        double legend = Left;
        for (int at = 0; at < chart.Curves.Count; at++)
        {
            Curve curve = chart.Curves[at];
            Add(svg, $"""<path d="M{legend} 28h16" stroke="{Colors[at]}" stroke-width="3"/>{'\n'}""");
            Add(svg, $"""<text x="{legend + 21}" y="32">{curve.Name}</text>{'\n'}""");
            legend += LegendWidth;
            for (int run = 0; run < runs.Count; run++)
            {
                string line = string.Join(' ', Plotted(chart, curve, runs[run]).Select(
                    point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0},{Y(point.Y):0.0}")));
                if (line.Length == 0)
                {
                    continue;
                }

                double width = chart.Across == "step" ? 0.8 : 2;
                Add(svg, $"""<polyline points="{line}" fill="none" stroke="{Colors[at]}" stroke-width="{width}"{Dashes[run]} """);
                Add(svg, $"""stroke-linecap="round" stroke-linejoin="round"/>{'\n'}""");
            }
        }
    }

    /// <summary>Returns the points that the chart can show.</summary>
    private static IEnumerable<(double X, double Y)> Plotted(Chart chart, Curve curve, CurveSource run) =>
        curve.Points(run).Where(point => double.IsFinite(point.Y) && (point.Y > 0 || !chart.IsLogarithmic));

    private static IEnumerable<(double X, double Y)> Losses(CurveSource run) => run.Losses
        .Where(loss => run.Rows.Count > 0 && loss.Epoch <= run.Rows[^1].Epoch)
        .Select(loss => ((double)loss.Step, (double)loss.Loss));

    private static Curve Epochs(string name, Func<EpochMetrics, double?> value) => new(name, run =>
        from row in run.Rows
        let y = value(row)
        where y is not null
        select ((double)row.Epoch, y.Value));

    private static string Escape(string text) => SecurityElement.Escape(text);

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
    /// <param name="Title">Title above it, with the unit.</param>
    /// <param name="IsLogarithmic">Whether the vertical axis is logarithmic.</param>
    /// <param name="Across">Unit of the horizontal axis.</param>
    /// <param name="Curves">The curves.</param>
    private sealed record Chart(string Title, bool IsLogarithmic, string Across, IReadOnlyList<Curve> Curves);

    /// <summary>One curve.</summary>
    /// <param name="Name">Name in the legend.</param>
    /// <param name="Points">Its points of a training.</param>
    private sealed record Curve(string Name, Func<CurveSource, IEnumerable<(double X, double Y)>> Points);
}
