using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Benchmarks;
using static GenSomAttn.Cli.Output.NumberText;
using static GenSomAttn.Cli.Output.TextTable;

namespace GenSomAttn.Cli.Benchmarks;

/// <summary>Text tables of a sweep's results: slopes; the points are in its files.</summary>
internal static class SweepTables
{
    /// <summary>Prints the slopes and the timings of the large map.</summary>
    public static void Print(SweepResult sweep, IReadOnlyList<string> files)
    {
        if (sweep.Series.Count > 0)
        {
            PrintSlopes(sweep);
        }

        if (sweep.Large.Count > 0)
        {
            PrintLargeMap(sweep);
        }

        foreach (string file in files)
        {
            Console.Out.WriteLine(file);
        }
    }

    private static void PrintSlopes(SweepResult sweep)
    {
        IEnumerable<Column> numbers = Numbers("expected slope", "slope", "largest ms", "GFLOP/s", "peak %");
        var table = new TextTable(2, [.. Texts("against", "quantity", "why it grows"), .. numbers]);
        foreach (SweepSeries series in sweep.Series)
        {
            SweepPoint last = series.Points[^1];
            table.Add(
                series.Kind.ToString().ToLowerInvariant(), series.Quantity, series.Reason,
                Number(series.ExpectedSlope, "0.00"), Number(series.FittedSlope, "0.00"), Milliseconds(last.Time.MedianMicroseconds),
                Number(last.Arithmetic.GigaflopsPerSecond, "0.0"), Percent(last.Arithmetic.ShareOfRoof));
        }

        table.Print();
    }

    private static void PrintLargeMap(SweepResult sweep)
    {
        LargeMap large = sweep.Plan.Large;
        Consoles.WriteText(
            $"map of {large.Side}x{large.Side} units, {large.Dimension} dimensions, timed with {large.TimedVectors} of {large.Vectors} "
            + "vectors:");
        var table = new TextTable(1, [.. Texts("work"), .. Numbers("ms", "GFLOP", "GFLOP/s", "peak %", "s for all, by their number")]);
        foreach (LargeMapResult row in sweep.Large)
        {
            table.Add(
                row.Work, Milliseconds(row.Time.MedianMicroseconds), Number(row.Arithmetic.Gigaflops, "0.0"),
                Number(row.Arithmetic.GigaflopsPerSecond, "0.0"), Percent(row.Arithmetic.ShareOfRoof),
                Number(row.SecondsForAll, "0.0"));
        }

        table.Print();
    }
}
