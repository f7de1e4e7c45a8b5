using System.Globalization;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Writer of a sweep's results: all numbers in sweep.csv, and one chart per varied size.</summary>
public static class SweepFiles
{
    /// <summary>Writes the files into a folder, which must exist, and returns their paths.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Save(string folder, SweepResult sweep)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        List<string> files = [Write(folder, "sweep.csv", Numbers(sweep).ToCsv())];
        foreach (IGrouping<SweepKind, SweepSeries> curves in sweep.Series.GroupBy(series => series.Kind))
        {
            string name = $"{curves.Key.ToString().ToLowerInvariant()}.svg";
            files.Add(Write(folder, name, Chart(curves.Key, [.. curves], sweep).ToSvg()));
        }

        return files;
    }

    private static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        AtomicFiles.OnDisk.Write(path, Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static NumberTable Numbers(SweepResult sweep)
    {
        var table = new NumberTable(
            "against", "value", "quantity", "threads", "samples", "median_microseconds", "min_microseconds", "max_microseconds",
            "gigaflops", "gigaflops_per_second", "share_of_roof", "expected_slope", "fitted_slope");
        foreach (SweepSeries series in sweep.Series)
        {
            foreach (SweepPoint point in series.Points)
            {
                AddRow(series.Kind, point.Value, series.Quantity, point.Time, point.Arithmetic, series.ExpectedSlope, series.FittedSlope);
            }
        }

        foreach (LargeMapResult row in sweep.Large)
        {
            AddRow(SweepKind.Large, sweep.Plan.Large.TimedVectors, row.Work, row.Time, row.Arithmetic, null, null);
        }

        return table;

        void AddRow(
            SweepKind kind, double value, string quantity, Timing time, ArithmeticSpeed speed, double? expectedSlope, double? fittedSlope)
            => table.AddRow(
                kind.ToString().ToLowerInvariant(), value, quantity, sweep.Threads, time.Samples, time.MedianMicroseconds,
                time.MinMicroseconds, time.MaxMicroseconds, speed.Gigaflops, speed.GigaflopsPerSecond, speed.ShareOfRoof,
                expectedSlope, fittedSlope);
    }

    private static LogLogChart Chart(SweepKind kind, SweepSeries[] series, SweepResult sweep)
    {
        string size = kind switch
        {
            SweepKind.Batch => "images of a batch",
            SweepKind.Latent => "elements of the latent vector",
            SweepKind.Units => "units of the map",
            _ => "pixels of the side of an image",
        };
        return new LogLogChart(
            $"Cost against {size} ({sweep.Description})", size, "milliseconds, median", [.. series.Select(Curve)]);
    }

    private static ChartCurve Curve(SweepSeries series)
    {
        // The dashed line is scaled to the largest point, where fixed costs matter least.
        SweepPoint last = series.Points[^1];
        double scale = last.Time.MedianMicroseconds / 1e3 / last.Arithmetic.Gigaflops;
        return new ChartCurve(
            string.Create(CultureInfo.InvariantCulture, $"{series.Quantity}: slope {series.FittedSlope:0.00}"),
            [.. series.Points.Select(point => (point.Value, point.Time.MedianMicroseconds / 1e3))],
            string.Create(CultureInfo.InvariantCulture, $"expected, as its arithmetic: slope {series.ExpectedSlope:0.00}; {series.Reason}"),
            [.. series.Points.Select(point => point.Arithmetic.Gigaflops * scale)]);
    }
}
