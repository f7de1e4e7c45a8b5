using System.Text.Json;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Training;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Tables at every width, and the directions of scores.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TextTableTests
{
    private const string Reason =
        "libOpenCL.so.1 is not there: install an OpenCL driver, such as intel-opencl-icd or pocl-opencl-icd, for the device";

    private static readonly string LongPath = $"/{string.Join('/', Enumerable.Repeat("a-folder-name-of-some-length", 8))}/run";

    private static readonly int[] Widths = [.. Enumerable.Range(20, 181)];

    private static readonly string[] Names = ["devices", "checks", "comparison", "bench", "settings", "class names"];

    [Test]
    public void Lines_OfAFile_AreOneForEachRowWithoutBlanksAtTheEnd([ValueSource(nameof(Names))] string name)
    {
        (TextTable table, string[][] rows) = Make(name);

        string[] lines = Lines(table, null);

        Assert.That(lines, Has.Length.EqualTo(1 + rows.Length));
        Assert.That(lines.Where(line => line.EndsWith(' ')), Is.Empty);
        Assert.That(lines.Skip(1).Select((line, r) => Words(rows[r]).SequenceEqual(Words([line]))), Is.All.True);
    }

    [Test]
    public void Lines_OfATerminal_HoldEachWordWhole([ValueSource(nameof(Names))] string name)
    {
        (TextTable table, string[][] rows) = Make(name);
        string[] expected = [.. Words(rows.SelectMany(row => row)).Distinct()];
        foreach (int width in Widths)
        {
            string[] lines = Lines(table, width);

            Assert.That(expected.Except(Words(lines)), Is.Empty, $"{width} columns");
            Assert.That(lines.Where(line => line.EndsWith(' ')), Is.Empty, $"{width} columns");
            IEnumerable<string> tooLong = lines.Where(line => TextLines.Width(line) > width);
            Assert.That(tooLong.Where(line => TextLines.Width(line.Trim().Split(' ')[0]) + 2 <= width), Is.Empty, $"{width} columns");
        }
    }

    /// <summary>Numbers and key columns are never wrapped.</summary>
    [Test]
    public void Lines_OfATerminal_HoldNamesAndNumbersOnOneLine([Values("checks", "comparison", "bench")] string name)
    {
        (TextTable table, string[][] rows) = Make(name);
        foreach (int width in Widths.Where(width => width >= 60))
        {
            string text = string.Join('\n', Lines(table, width));
            Assert.That(rows.SelectMany(row => row).Where(cell => !text.Contains(cell, StringComparison.Ordinal)), Is.Empty, $"{width}");
        }
    }

    [Test]
    public void Lines_TableThatFits_AreAGrid()
    {
        TextTable table = new(1, [.. TextTable.Texts("name"), .. TextTable.Numbers("ms"), .. TextTable.Texts("")]);
        table.Add("step", "9.125", "fast");
        table.Add("whole epoch", "10.5", "");

        string[] expected = ["name            ms", "step         9.125  fast", "whole epoch   10.5"];
        Assert.That(Lines(table, 24), Is.EqualTo(expected));
        Assert.That(Lines(table, null), Is.EqualTo(expected));
        Assert.That(
            Lines(table, 20),
            Is.EqualTo(["name            ms", "step         9.125", "whole epoch   10.5", "", "name", "step         fast", "whole epoch"]));
        Assert.That(Lines(table, 16), Is.EqualTo(["name: step", "ms: 9.125", "fast", "", "name: whole", "  epoch", "ms: 10.5"]));
    }

    /// <summary>Every printed score has a direction or is listed as a number without one.</summary>
    [Test]
    public void Directions_EveryNumberOfTheScores_IsListedOnce()
    {
        Type[] types = [typeof(ModelEvaluation), typeof(SampleScores), typeof(SamplerScores), typeof(EpochMetrics)];
        Type[] numbers = [typeof(int), typeof(double)];
        string[] names =
        [
            .. from type in types
               from property in type.GetProperties()
               where numbers.Contains(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
               select JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
        ];

        Assert.That(ScoreDirections.Names.Concat(ScoreDirections.Without), Is.EquivalentTo(names.Distinct()));
    }

    private static string[] Lines(TextTable table, int? width) => [.. table.Lines(width).Select(line => line.Text)];

    private static IEnumerable<string> Words(IEnumerable<string> texts)
        => texts.SelectMany(text => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static (TextTable Table, string[][] Rows) Make(string name)
    {
        (TextTable table, string[][] rows) = name switch
        {
            "devices" => (new TextTable(1, [.. TextTable.Texts("accelerator", "available", "what runs", "why")]), (string[][])
            [
                ["cpu", "yes", "vector instructions of the processor, on all of its threads", "always present"],
                ["opencl", "no", "kernels on an OpenCL device", Reason],
            ]),
            "checks" => (new TextTable(3, [.. TextTable.Texts("case", "tensor", "stage", "worst error", "tolerance", "")]),
            [
                ["som_update_online 64x32, map 12x12", "codebook", "forward", "1.5e-07", "1.0e-05", "ok"],
                ["conv2d 2x3x9x7, kernel 4", "weight gradient", "backward", "2.5e+00", "1.0e-04", "FAILED: all zero"],
            ]),
            "comparison" => (new TextTable(1, [.. TextTable.Texts("score"), .. TextTable.Numbers(Models), .. TextTable.Texts("")]),
            [
                ["fcd_reconstructions", .. Models.Select((_, m) => $"{m}0.918 ± 0.034"), "lower is better"],
                ["parameters", .. Models.Select((_, m) => $"35638{m}"), ""],
            ]),
            "bench" => (new TextTable(2, [.. TextTable.Texts("operation", "sizes"), .. TextTable.Numbers(Measures)]),
            [
                ["ConvTranspose2dForward", "32 of 64x2x2 -> 32x4x4", .. Measures.Select((_, m) => $"4{m}.168")],
                ["outside of operations", "", .. Measures.Select((_, m) => m % 2 == 0 ? $"1{m}.5" : "")],
            ]),
            "settings" => (new TextTable(1, [.. TextTable.Texts("configuration", "")]),
            [
                ["accelerator", "cpu"], ["data", LongPath],
                ["command_line", $"train --data {LongPath} --epochs 2 --map 12x12 --seed 1"],
            ]),
            _ => (new TextTable(1, [.. TextTable.Texts("file", "verdict", "note")]),
            [
                ["Été à la mer", "DAMAGED", "ends\nearly"],
                ["夏の海と山のとても長いクラス名", "not checked", $"写真\tは {LongPath} にある"],
            ]),
        };
        foreach (string[] row in rows)
        {
            table.Add(row);
        }

        return (table, [.. rows.Select(row => row.Select(cell => cell.Replace('\t', ' ').Replace('\n', ' ')).ToArray())]);
    }

    private static string[] Models =>
        ["Gen-SOM-Attn, isotropic", "Gen-SOM-Attn, density", "VAE 0.05, matched, prior", "autoencoder, mixture"];

    private static string[] Measures =>
        ["calls", "launches", "us", "min us", "step %", "GFLOP", "GFLOP/s", "peak %", "MB", "GB/s", "memory %"];
}
