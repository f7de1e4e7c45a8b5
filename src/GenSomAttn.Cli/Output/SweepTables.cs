using GenSomAttn.Model.Benchmarks;
using Spectre.Console;
using static GenSomAttn.Cli.Output.NumberTables;

namespace GenSomAttn.Cli.Output;

/// <summary>A sweep's results for people: slopes, not points, which are in its files.</summary>
internal static class SweepTables
{
    /// <summary>Prints them.</summary>
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
        Table table = Create(3, "against", "quantity", "why it grows", "expected slope", "slope", "largest ms", "GFLOP/s", "roof %");
        foreach (SweepSeries series in sweep.Series)
        {
            SweepPoint last = series.Points[^1];
            AddRow(
                table, series.Kind.ToString().ToLowerInvariant(), series.Quantity, series.Reason,
                Number(series.ExpectedSlope, "0.00"), Number(series.FittedSlope, "0.00"), Milliseconds(last.Time.MedianMicroseconds),
                Number(last.Arithmetic.GigaflopsPerSecond, "0.0"), Percent(last.Arithmetic.ShareOfRoof));
        }

        Consoles.Output().Write(table);
    }

    private static void PrintLargeMap(SweepResult sweep)
    {
        LargeMap large = sweep.Plan.Large;
        Console.Out.WriteLine(
            $"map of {large.Side}x{large.Side} units, {large.Dimension} dimensions, timed with {large.TimedVectors} of {large.Vectors} "
            + "vectors:");
        Table table = Create(1, "work", "ms", "GFLOP", "GFLOP/s", "roof %", "s for all, by their number");
        foreach (LargeMapResult row in sweep.Large)
        {
            AddRow(
                table, row.Work, Milliseconds(row.Time.MedianMicroseconds), Number(row.Arithmetic.Gigaflops, "0.0"),
                Number(row.Arithmetic.GigaflopsPerSecond, "0.0"), Percent(row.Arithmetic.ShareOfRoof),
                Number(row.SecondsForAll, "0.0"));
        }

        Consoles.Output().Write(table);
    }
}
