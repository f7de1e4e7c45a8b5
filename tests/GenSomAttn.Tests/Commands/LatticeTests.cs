using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The verbs on maps of other lattices, edges, neighborhoods and initial codebooks.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LatticeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Verbs_OnHexagonsOfATorus_HaveTe6AndNoOther()
    {
        string output = _folder.File("hexagons");
        JsonElement trained = CommandAssert.Json(ProgramRun.Of(
        [
            .. "train --epochs 2 --map 4x3 --latent 8 --batch-size 16 --accelerator cpu --lattice hexagon --torus".Split(' '),
            "--neighborhood", "epanechnikov", "--init", "pca", "--data", SharedRun.Data, "--output", output, "--json",
        ]));
        string run = Directory.GetDirectories(output).Single();
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run, "--samples", "0");

        double te6 = trained.GetProperty("metrics").GetProperty("te6").GetDouble();
        Assert.That(trained.GetProperty("metrics").GetProperty("te4").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(scores.GetProperty("te6").GetDouble(), Is.EqualTo(te6));
        Assert.That(scores.GetProperty("te8").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(File.ReadLines(Path.Combine(run, "metrics.csv")).First(), Does.Contain(",te8,te6,"));
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json")));
        JsonElement options = config.RootElement.GetProperty("settings").GetProperty("map_options");
        Assert.That(options.GetProperty("lattice").GetString(), Is.EqualTo("hexagon"));
        Assert.That(options.GetProperty("torus").GetBoolean(), Is.True);

        CommandAssert.Succeeds("map", run, "--output", _folder.File("figures"));
        CommandAssert.IsPicture(_folder.File("figures/umatrix.png"));
        Assert.That(File.ReadAllText(_folder.File("figures/umatrix.csv")), Does.StartWith("row,column,mean,right,below_left,below_right"));
        CommandAssert.Succeeds("locate", run, "--split", "test", "--output", _folder.File("places.csv"));
        Assert.That(ShareWithout(File.ReadAllText(_folder.File("places.csv")), "neighbors"), Is.EqualTo(te6).Within(1e-12));
        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
    }

    [Test]
    public void Train_EachInit_StartsFromAnotherCodebookAndRepeats()
    {
        double[] before =
        [
            .. ((string[])["random", "sample", "pca"]).Select(init =>
            {
                string output = _folder.File(init);
                CommandAssert.Succeeds(SharedRun.TrainFor(1, output, "--init", init));
                string row = File.ReadLines(Path.Combine(Directory.GetDirectories(output).Single(), "metrics.jsonl")).First();
                return JsonDocument.Parse(row).RootElement.GetProperty("quantization_error").GetDouble();
            }),
        ];

        // Codes as units are nearer to codes than random numbers are.
        Assert.That(before[1], Is.LessThan(before[0]));
        Assert.That(before[2], Is.LessThan(before[0]));
        Assert.That(before[1], Is.Not.EqualTo(before[2]));
    }

    [Test]
    public void Train_MexicanHatOnline_IsRefused() => CommandAssert.Fails(
        2, SharedRun.Train(_folder.File("hat"), "--neighborhood", "mexican-hat", "--som-update", "online"), "--neighborhood mexican-hat",
        "--som-update batch");

    private static double ShareWithout(string csv, string column)
    {
        string[][] rows = [.. csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        int at = Array.IndexOf(rows[0], column);
        return rows[1..].Count(row => row[at] == "false") / (double)(rows.Length - 1);
    }
}
