using System.Text;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Pictures;
using static GenSomAttn.Cli.Output.NumberText;
using static GenSomAttn.Cli.Output.TextTable;

namespace GenSomAttn.Cli.Benchmarks;

/// <summary>The simulation of many ranks as a table and a chart.</summary>
internal static class ScalingTables
{
    /// <summary>Writes the chart, scaling.svg, and returns its path.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static IReadOnlyList<string> Save(string folder, ScalingResult result)
    {
        ScalingPoint first = result.Points[0];
        IEnumerable<ChartCurve> curves =
            from points in result.Points.GroupBy(point => point.Network)
            select new ChartCurve(
                points.Key, [.. points.Select(point => ((double)point.Ranks, point.ImagesPerSecond))], "in proportion to the ranks",
                [.. points.Select(point => point.Ranks * first.ImagesPerSecond)]);
        var chart = new LogLogChart(
            $"Simulated speed: {result.ShardImages} images a rank, threads: {result.Threads}", "ranks", "images per second", [.. curves]);
        string path = Path.Combine(folder, "scaling.svg");
        AtomicFiles.OnDisk.Write(path, Encoding.UTF8.GetBytes(chart.ToSvg()));
        return [path];
    }

    /// <summary>Prints what was measured, what is assumed, and the table.</summary>
    public static void Print(ScalingResult result, IReadOnlyList<string> files)
    {
        Consoles.WriteText(
            $"measured here: a shard of {result.ShardImages} images {Number(result.ShardMilliseconds, "0.000")} ms, the update of a step "
            + $"{Number(result.UpdateMilliseconds, "0.000")} ms, the sum of two threads {Number(result.SumMilliseconds, "0.000")} ms; "
            + $"{result.GradientBytes} bytes of gradients, and {result.SlotBytes} of losses, codes and BMUs for each rank");
        Consoles.WriteText(
            "assumed: ranks as fast as this one, a shard for each; messages that neither wait for each other nor overlap with computation; "
            + "latencies of "
            + string.Join(", ", Scaling.Networks.Select(network => $"{network.LatencyMicroseconds} us at {network.Name}"))
            + "; reading of images and evaluation left out");
        var table = new TextTable(1, [.. Texts("network"), .. Numbers("ranks", "step ms", "images/s", "efficiency %")]);
        foreach (ScalingPoint point in result.Points)
        {
            table.Add(
                point.Network, $"{point.Ranks}", Number(point.StepMilliseconds, "0.00"), Number(point.ImagesPerSecond, "0"),
                Number(100 * point.Efficiency, "0.0"));
        }

        table.Print();
        Console.Out.WriteLine(files.Single());
    }
}
