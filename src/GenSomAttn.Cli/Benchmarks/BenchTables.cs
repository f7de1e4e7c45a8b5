using System.Globalization;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Benchmarks;
using static GenSomAttn.Cli.Output.NumberText;
using static GenSomAttn.Cli.Output.TextTable;

namespace GenSomAttn.Cli.Benchmarks;

/// <summary>Text tables of a benchmark's results.</summary>
internal static class BenchTables
{
    /// <summary>Prints peak FLOP/s and bandwidth, operations and timings, each in its own table.</summary>
    public static void Print(IReadOnlyList<ThreadResult> results, IReadOnlyList<NarrowerVectorsResult> narrower)
    {
        foreach (ThreadResult result in results.Where(result => result.Roof is not null || result.Operations is not null))
        {
            Consoles.WriteText($"{result.Description}:");
            if (result.Roof is { } roof)
            {
                PrintRoofline(roof);
            }

            if (result.Operations is { } operations)
            {
                PrintOperations(operations);
            }
        }

        PrintTimes(results, narrower);
    }

    private static void PrintRoofline(Roofline roof)
    {
        Consoles.WriteText(string.Create(
            CultureInfo.InvariantCulture,
            $"peak: {roof.GigaflopsPerSecond:0.0} GFLOP/s, multiply-adds in registers (median {roof.MedianGigaflopsPerSecond:0.0})"));
        var table = new TextTable(1, [.. Texts("memory"), .. Numbers("read GB/s", "copy GB/s")]);
        foreach (MemoryBandwidth point in roof.Memory)
        {
            table.Add(
                point.Bytes < 1 << 20 ? $"{point.Bytes >> 10} KiB" : $"{point.Bytes >> 20} MiB",
                Number(point.ReadGigabytesPerSecond, "0.0"), Number(point.CopyGigabytesPerSecond, "0.0"));
        }

        table.Print();
    }

    private static void PrintOperations(OperationsResult operations)
    {
        IEnumerable<Column> numbers = Numbers(
            "calls", "launches", "us", "min us", "step %", "GFLOP", "GFLOP/s", "peak %", "MB", "GB/s", "memory %");
        var table = new TextTable(2, [.. Texts("operation", "sizes"), .. numbers]);
        foreach (OperationResult row in operations.Rows)
        {
            table.Add(
                row.Operation, row.Sizes, Number(row.CallsPerStep, "0"), Number(row.LaunchesPerStep, "0"),
                Number(row.Time.MedianMicroseconds, "0.0"), Number(row.Time.MinMicroseconds, "0.0"), Percent(row.ShareOfStep),
                Arithmetic(row, row.Arithmetic.Gigaflops, "0.0000"), Arithmetic(row, row.Arithmetic.GigaflopsPerSecond, "0.0"),
                Arithmetic(row, row.Arithmetic.ShareOfRoof * 100, "0.0"),
                Number(row.Megabytes, "0.000"), Number(row.GigabytesPerSecond, "0.0"), Percent(row.ShareOfMemory));
        }

        double step = operations.Step.MedianMicroseconds;
        table.Add(
            "outside of operations", "", "", "", Number(operations.OutsideMicroseconds, "0.0"), "",
            Percent(operations.OutsideMicroseconds / step), "", "", "", "", "", "");
        table.Add(
            "whole step", "", "", Number(operations.Launches, "0"),
            Number(step, "0.0"), Number(operations.Step.MinMicroseconds, "0.0"), "",
            Number(operations.Rows.Sum(row => row.Arithmetic.Gigaflops), "0.0000"), "", "",
            Number(operations.Rows.Sum(row => row.Megabytes), "0.000"), "", "");
        table.Print();
    }

    /// <summary>Prints the timings of steps, inference, map and epochs, for all thread counts in one table.</summary>
    private static void PrintTimes(IReadOnlyList<ThreadResult> results, IReadOnlyList<NarrowerVectorsResult> narrower)
    {
        IEnumerable<Column> numbers = Numbers(
            "threads", "median ms", "min ms", "p90 ms", "max ms", "first ms", "per second", "GFLOP/s", "peak %");
        var table = new TextTable(2, [.. Texts("measured"), .. numbers]);
        IEnumerable<TimedRow> rows = results.SelectMany(TimedRows)
            .Concat(narrower.Select(row => OfStep($", {row.VectorBits} bits ({row.Setting})", row.Threads, row.Step)));
        foreach (TimedRow row in rows)
        {
            table.Add(
                row.What, $"{row.Threads}",
                Milliseconds(row.Time.MedianMicroseconds), Milliseconds(row.Time.MinMicroseconds), Milliseconds(row.Time.P90Microseconds),
                Milliseconds(row.Time.MaxMicroseconds), Milliseconds(row.Time.FirstMicroseconds),
                $"{Number(row.Time.PerSecond(row.Count), "0")} {row.Unit}",
                Number(row.Arithmetic.GigaflopsPerSecond, "0.0"), Percent(row.Arithmetic.ShareOfRoof));
        }

        var located = results.SelectMany(result => result.Locate ?? [], (result, row) => (result.Threads, Row: row));
        foreach ((int threads, LocateResult row) in located)
        {
            string times = string.Create(CultureInfo.InvariantCulture, $", {row.TimesEncoding:0.00} times the encoding");
            table.Add(
                $"{NameOf(row.Work)}, {row.Images} images{(row.Work == LocateWork.Encode ? "" : times)}", $"{threads}",
                Milliseconds(row.Time.MedianMicroseconds), Milliseconds(row.Time.MinMicroseconds), Milliseconds(row.Time.P90Microseconds),
                Milliseconds(row.Time.MaxMicroseconds), Milliseconds(row.Time.FirstMicroseconds),
                $"{Number(row.Time.PerSecond(row.Images), "0")} images", "", "");
        }

        foreach (ThreadResult result in results)
        {
            if (result.Epoch is { } epoch)
            {
                table.Add(
                    $"epoch of {epoch.Images} images", $"{result.Threads}", Number(epoch.Seconds * 1e3, "0"), "", "", "",
                    Milliseconds(epoch.FirstStepMicroseconds), Number(epoch.ImagesPerSecond, "0 'images'"), "", "");
            }
        }

        table.Print();
    }

    private static string NameOf(LocateWork work) => work switch
    {
        LocateWork.Encode => "encode",
        LocateWork.EncodeSearchDecode => "encode, search, decode",
        LocateWork.LocateWithoutErrors => "locate --no-errors",
        _ => "locate",
    };

    private static IEnumerable<TimedRow> TimedRows(ThreadResult result)
    {
        if (result.Step is { } step)
        {
            yield return OfStep(step.Launches is { } launches ? $", {launches} launches" : "", result.Threads, step);
        }

        foreach (InferenceResult row in result.Inference ?? [])
        {
            string path = row.Path == InferencePath.Decode ? "decode" : "encode, search, decode";
            yield return new TimedRow($"{path}, batch {row.Batch}", result.Threads, row.Time, row.Batch, "images", row.Arithmetic);
        }

        foreach (MapResult row in result.Map ?? [])
        {
            string work = row.Work == MapWork.Search ? "search" : "update";
            yield return new TimedRow(
                $"map {work}, {row.Vectors} x {row.Dimension}, {row.Units} units", result.Threads, row.Time, row.Vectors, "vectors",
                row.Arithmetic);
        }
    }

    private static TimedRow OfStep(string how, int threads, StepResult step)
        => new($"training step of {step.Batch}{how}", threads, step.Time, step.Batch, "images", step.Arithmetic);

    /// <summary>Formats a figure about arithmetic; empty for an operation that counts no FLOPs.</summary>
    private static string Arithmetic(OperationResult row, double? value, string format)
        => row.Arithmetic.Gigaflops > 0 ? Number(value, format) : "";

    /// <summary>A row of the timings.</summary>
    /// <param name="What">Description of the work.</param>
    /// <param name="Threads">Compute threads.</param>
    /// <param name="Time">Timing of a call.</param>
    /// <param name="Count">Items per call, for the throughput.</param>
    /// <param name="Unit">Name of the items.</param>
    /// <param name="Arithmetic">FLOPs, FLOP/s and share of peak.</param>
    private sealed record TimedRow(string What, int Threads, Timing Time, int Count, string Unit, ArithmeticSpeed Arithmetic);
}
