using System.Text.Json;
using System.Xml.Linq;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>
/// The command compare and the scores of generated images: a classifier of the same data, all models, tables and a picture.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class CompareTests : IDisposable
{
    private const int Usage = 2;
    private const int DataOrFile = 3;
    private static readonly string[] Vaes = ["VAE 0.5", "VAE 0.1", "VAE 0.05", "VAE 0.02", "VAE 0.05, matched"];

    private readonly TemporaryFolder _classifierFolder = new();
    private string _classifier = null!;

    /// <summary>A classifier of the small data set.</summary>
    [OneTimeSetUp]
    public void TrainClassifier()
    {
        string[] train = ["train", "--model", "classifier", "--epochs", "2", "--batch-size", "16", "--accelerator", "cpu"];
        CommandAssert.Succeeds([.. train, "--data", SharedRun.Data, "--output", _classifierFolder.File("classifier")]);
        string run = Directory.GetDirectories(_classifierFolder.File("classifier")).Single();
        _classifier = Path.Combine(run, "checkpoints", "last.safetensors");
    }

    /// <inheritdoc/>
    public void Dispose() => _classifierFolder.Dispose();

    [Test]
    public void Compare_TinyData_TrainsScoresAndDoesNothingTwice()
    {
        using TemporaryFolder folder = new();
        string[] compare =
        [
            "compare", "--seeds", "2", "--epochs", "1", "--data", SharedRun.Data, "--classifier", _classifier, "--accelerator", "cpu",
            "--output", folder.File("compare"),
        ];

        // Two processes share the work: one of them trains each model.
        ProgramRun[] shared = new ProgramRun[2];
        Parallel.For(0, shared.Length, i => shared[i] = ProgramRun.Of(compare));
        Assert.That(shared.Select(run => run.ExitCode), Is.All.Zero, shared[0].Error + shared[1].Error);
        string[] lines = [.. shared.SelectMany(run => Lines(run.Error))];
        Assert.That(lines.Count(line => line.StartsWith("before training", StringComparison.Ordinal)), Is.EqualTo(16));
        string[] table = File.ReadAllLines(folder.File("compare/comparison.csv"));
        string scores = Directory.GetFiles(folder.File("compare/runs"), "scores-*.json", SearchOption.AllDirectories).Order().ElementAt(3);
        File.Delete(scores);
        File.Delete(folder.File("compare/comparison.csv"));
        using (RunDirectory.Open(Path.GetDirectoryName(scores)!).Lock())
        {
            ProgramRun left = CommandAssert.Succeeds([.. compare, "--json"]);
            Assert.That(CommandAssert.Json(left).GetProperty("left").GetInt32(), Is.EqualTo(1));
            Assert.That(left.Error, Does.Contain($"{Path.GetDirectoryName(scores)}: left to another process"));
            Assert.That(File.Exists(folder.File("compare/comparison.csv")), Is.False, "a table without a model");
        }

        ProgramRun again = CommandAssert.Succeeds(compare);

        // The map by two samplers, four VAEs, the one with as many parameters, the autoencoder, and the baselines.
        string[] models = [.. table.Skip(1).Select(line => line[..line.IndexOf("\",", StringComparison.Ordinal)].Trim('"'))];
        Assert.That(models, Is.EqualTo((string[])
        [
            "Gen-SOM-Attn", "Gen-SOM-Attn", "Gen-SOM-Attn, preset report", "Gen-SOM-Attn, preset report",
            "VAE 0.5", "VAE 0.1", "VAE 0.05", "VAE 0.02", "VAE 0.05, matched", "autoencoder",
            "pixels, k-means", "pixels, map",
        ]));
        Assert.That(Directory.GetDirectories(folder.File("compare/runs")), Has.Length.EqualTo(16));
        Assert.That(again.Error, Does.Not.Contain("epoch 1/1"), "nothing is trained a second time");
        Assert.That(File.ReadAllLines(folder.File("compare/comparison.csv")), Is.EqualTo(table));
        CommandAssert.IsPicture(folder.File("compare/comparison.png"));
        string[] text = File.ReadAllLines(folder.File("compare/comparison.md"));
        Assert.That(text, Has.Length.EqualTo(2 + 12 + 2));

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(folder.File("compare/comparison.json")));
        JsonElement[] runs = [.. document.RootElement.GetProperty("runs").EnumerateArray()];
        double[] distances = [.. runs.Where(run => run.GetProperty("model").GetProperty("name").GetString() == "VAE 0.1").Select(Distance)];
        JsonElement row = document.RootElement.GetProperty("rows").EnumerateArray()
            .Single(each => each.GetProperty("model").GetString() == "VAE 0.1");
        Assert.That(distances, Has.Length.EqualTo(2).And.All.Positive);
        double mean = row.GetProperty("scores").GetProperty("fcd_samples").GetProperty("mean").GetDouble();
        Assert.That(mean, Is.EqualTo(distances.Average()).Within(1e-12));

        string reconstructing = BestVae(document, "mse_e");
        string sampling = BestVae(document, "fcd_samples");
        Assert.That(document.RootElement.GetProperty("best_reconstructing_vae").GetString(), Is.EqualTo(reconstructing));
        Assert.That(document.RootElement.GetProperty("best_sampling_vae").GetString(), Is.EqualTo(sampling));
        Assert.That(text[^1], Does.Contain($"reconstructions makes {reconstructing} (mse_e "));
        Assert.That(text[^1], Does.Contain($"samples {sampling} (fcd_samples "));
        Assert.That(Mean(document, "VAE 0.1", "mse_z"), Is.GreaterThan(0));
        Assert.That(Mean(document, "autoencoder", "mse_z"), Is.Null);
        foreach (string floor in (string[])["pixels, k-means", "pixels, map"])
        {
            Assert.That(Mean(document, floor, "mse_q"), Is.InRange(0, 0.1), floor);
            Assert.That(Mean(document, floor, "fcd_samples"), Is.Null, floor);
        }

        Assert.That(Mean(document, "pixels, k-means", "te6"), Is.Null, "centers have no neighbors");
        Assert.That(Mean(document, "pixels, map", "te6"), Is.InRange(0, 1));
    }

    [Test]
    public void Compare_AttentionWithoutAClassifierOfTheData_LeavesSamplesOutAndSaysWhy()
    {
        using TemporaryFolder folder = new();
        string[] compare =
        [
            "compare", "--ablate", "attention", "--seeds", "1", "--epochs", "1", "--data", SharedRun.Data, "--accelerator", "cpu",
            "--output", folder.File("compare"), "--json",
        ];

        ProgramRun run = CommandAssert.Succeeds(compare);

        Assert.That(run.Error, Does.Contain("note: generated images are not scored").And.Contain("--classifier"));
        JsonElement rows = CommandAssert.Json(run).GetProperty("rows");
        Assert.That(rows.EnumerateArray().Select(row => row.GetProperty("model").GetString()),
            Is.EqualTo((string[])["attention latent", "attention spatial", "attention pool", "attention none"]));
        Assert.That(rows.EnumerateArray().Select(row => row.GetProperty("scores").GetProperty("fcd_samples").ValueKind),
            Is.All.EqualTo(JsonValueKind.Null));
        JsonElement[] entropies = [.. rows.EnumerateArray().Select(row => row.GetProperty("scores").GetProperty("attention_entropy"))];
        Assert.That(entropies.Select(value => value.ValueKind == JsonValueKind.Null), Is.EqualTo((bool[])[false, false, false, true]));
        Assert.That(
            Directory.GetFiles(folder.File("compare"), "attention-*.png").Select(Path.GetFileName),
            Is.EquivalentTo((string[])["attention-latent.png", "attention-spatial.png", "attention-pool.png"]));
    }

    [Test]
    public void Compare_Literature_PutsTheSmallMapOnAllImagesBesidePublishedOnes()
    {
        using TemporaryFolder folder = new();
        string[] compare = ["compare", "--literature", "--seeds", "1", "--epochs", "1", "--data", SharedRun.Data, "--accelerator", "cpu"];

        CommandAssert.Fails(2, [.. compare, "--ablate", "attention"], "--ablate", "--literature");
        JsonElement document = CommandAssert.PrintsJson([.. compare, "--output", folder.File("compare")]);

        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.That(rows.Select(row => row.GetProperty("model").GetString()), Is.EqualTo((string[])
        [
            .. ((int[])[8, 12, 16, 24, 40]).SelectMany(side => (string[])
                [$"Gen-SOM-Attn, {side}x{side}", $"pixels, k-means, {side * side}", $"pixels, map, {side}x{side}"]),
            "published: k-means on pixels, 64", "published: SOM-VAE, 64", "published: DESOM, 64", "published: DPSOM, 64",
            "published: ViT-SOM, 576", "published: ViT-SOM, 1600",
        ]));
        foreach (string score in (string[])["purity_all", "purity_training", "nmi_all", "nmi_geometric_training"])
        {
            JsonElement[] own = [.. rows[..15].Select(row => row.GetProperty("scores").GetProperty(score))];
            Assert.That(own.Select(each => each.GetProperty("mean").GetDouble()), Is.All.InRange(0, 1), score);
        }

        JsonElement desom = rows[17].GetProperty("scores"), vit = rows[^1].GetProperty("scores");
        Assert.That(desom.GetProperty("purity_all").GetProperty("mean").GetDouble(), Is.EqualTo(0.752));
        Assert.That(vit.GetProperty("purity_training").GetProperty("mean").GetDouble(), Is.EqualTo(0.841));
        Assert.That(vit.GetProperty("nmi_geometric_all").ValueKind, Is.EqualTo(JsonValueKind.Null));
        JsonElement[] settings =
            [.. document.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("model").GetProperty("settings"))];
        Assert.That(settings.Select(own => own.GetProperty("map_height").GetInt32()).Distinct(), Is.EqualTo((int[])[8, 12, 16, 24, 40]));
        Assert.That(settings[^1].GetProperty("sigma_start").GetDouble(), Is.EqualTo(40 / 3.0));
        Assert.That(File.ReadAllText(folder.File("compare/comparison.md")), Does.Contain("Forest"));
    }

    [Test]
    public void Compare_Frontier_TrainsFurtherSeedsOfTheBestAndDrawsAll()
    {
        using TemporaryFolder folder = new();
        JsonElement document = CommandAssert.PrintsJson(
            "compare", "--frontier", "--seeds", "3,5", "--epochs", "1", "--data", SharedRun.Data, "--accelerator", "cpu", "--output",
            folder.File("compare"));

        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        string[] names = [.. rows.Select(row => row.GetProperty("model").GetString()!)];
        Assert.That(names, Has.Length.EqualTo(33).And.Unique);
        Assert.That(names, Does.Contain("hexagon, sigma 0.6, D(w) 0.1, commitment 0.05").And.Contain("preset map"));
        Assert.That(rows.Where(row => row.GetProperty("model").GetString()!.StartsWith("preset", StringComparison.Ordinal))
            .Select(row => row.GetProperty("seeds").GetInt32()), Is.All.EqualTo(2));
        Assert.That(rows.Select(row => row.GetProperty("seeds").GetInt32()), Has.Some.EqualTo(1));
        string chart = File.ReadAllText(folder.File("compare/frontier.svg"));
        Assert.That(XDocument.Parse(chart).Descendants().Count(element => element.Name.LocalName == "title"), Is.EqualTo(1 + 33));
        Assert.That(chart, Does.Contain(">preset samples</text>"));
    }

    [Test]
    public void Evaluate_WithAClassifierOfTheData_ScoresEverySamplerRepeatably()
    {
        JsonElement scores = CommandAssert.PrintsJson("evaluate", SharedRun.Path, "--classifier", _classifier, "--samples", "50");
        JsonElement again = CommandAssert.PrintsJson("evaluate", SharedRun.Path, "--classifier", _classifier, "--samples", "50");
        JsonElement other = CommandAssert.PrintsJson(
            "evaluate", SharedRun.Path, "--classifier", _classifier, "--samples", "50", "--seed", "2");

        Assert.That(again.ToString(), Is.EqualTo(scores.ToString()));
        Assert.That(other.GetProperty("fcd_samples").GetDouble(), Is.Not.EqualTo(scores.GetProperty("fcd_samples").GetDouble()));
        Assert.That(scores.GetProperty("samplers").EnumerateArray().Select(each => each.GetProperty("sampler").GetString()),
            Is.EqualTo((string[])["density", "isotropic"]));
        foreach (string name in (string[])["fcd_samples", "fcd_reconstructions", "fcd_floor", "fcd_real", "is_samples", "is_real"])
        {
            Assert.That(scores.GetProperty(name).GetDouble(), Is.Positive, name);
        }

        Assert.That(scores.GetProperty("is_real").GetDouble(), Is.InRange(1, 4));
        Assert.That(scores.GetProperty("not_scored").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Evaluate_TooFewImages_SaysSo()
    {
        using TemporaryFolder folder = new();
        string[] train = ["train", "--limit", "5", "--epochs", "1", "--accelerator", "cpu", "--data", SharedRun.Data];
        CommandAssert.Succeeds([.. train, "--output", folder.File("runs")]);
        string run = Directory.GetDirectories(folder.File("runs")).Single();

        CommandAssert.Fails(Usage, ["evaluate", run, "--samples", "5"], "--samples 5", "at least 6");
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run, "--classifier", _classifier);

        Assert.That(scores.GetProperty("not_scored").GetString(), Does.Contain("5 test images"));
        Assert.That(scores.GetProperty("mse_e").GetDouble(), Is.Positive);
    }

    [Test]
    public void Evaluate_ClassifierThatIsNone_IsRefused()
    {
        string[] evaluate = ["evaluate", SharedRun.Path, "--classifier"];
        string last = Path.Combine(SharedRun.Path, "checkpoints", "last.safetensors");
        CommandAssert.Fails(DataOrFile, [.. evaluate, last], "holds no classifier", "somattn");
        CommandAssert.Fails(DataOrFile, [.. evaluate, "/no/such/file"], "/no/such/file");
    }

    [Test]
    public void Export_Run_HoldsTheParametersAloneAndCannotBeResumed()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string last = Path.Combine(run, "checkpoints", "last.safetensors");
        long whole = new FileInfo(last).Length;
        JsonElement before = CommandAssert.PrintsJson("evaluate", run);

        CommandAssert.Succeeds("export", run, "--output", folder.File("model.safetensors"));
        File.Copy(folder.File("model.safetensors"), last, overwrite: true);
        File.Delete(Path.Combine(run, "checkpoints", "previous.safetensors"));

        Assert.That(new FileInfo(last).Length, Is.LessThan(0.4 * whole));

        // The units are in the order in which maps are shown, so that sums over them are in another one.
        foreach (JsonProperty score in CommandAssert.PrintsJson("evaluate", run).EnumerateObject())
        {
            JsonElement expected = before.GetProperty(score.Name);
            bool isNumber = score.Value.ValueKind == JsonValueKind.Number && score.Value.GetDouble() != 0;
            Assert.That(
                isNumber ? score.Value.GetDouble() / expected.GetDouble() : score.Value.ToString() == expected.ToString() ? 1 : 0,
                Is.EqualTo(1).Within(1e-12), score.Name);
        }

        CommandAssert.Fails(DataOrFile, ["resume", run], "optimizer.exp_avg.", "is missing");
    }

    private static double? Mean(JsonDocument document, string model, string score)
    {
        JsonElement spread = document.RootElement.GetProperty("rows").EnumerateArray()
            .First(row => row.GetProperty("model").GetString() == model).GetProperty("scores").GetProperty(score);
        return spread.ValueKind == JsonValueKind.Null ? null : spread.GetProperty("mean").GetDouble();
    }

    private static string BestVae(JsonDocument document, string score) =>
        Vaes.MinBy(model => Mean(document, model, score))!;

    private static double Distance(JsonElement run) => run.GetProperty("scores").GetProperty("samplers")[0]
        .GetProperty("scores").GetProperty("fcd_samples").GetDouble();

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
