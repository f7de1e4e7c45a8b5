using System.Text.Json;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The verbs on pictures without labels, without test images, of one class, and of more classes than colors.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LackingDataCommandTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;
    private const string NoLabels = "the pictures have no labels";

    private static readonly string[] ScoresOfLabels =
        ["purity", "nmi", "nmi_geometric", "unit_label_accuracy", "purity_all", "nmi_geometric_all", "accuracy"];

    private static readonly string[] ScoresOfTestImages =
        ["mse_e", "mse_q", "quantization_error", "te4", "te8", "units_used", "perplexity", "trustworthiness", "attention_entropy"];

    [Test]
    public void Verbs_PicturesWithoutLabels_LeaveOutTheScoresOfClasses()
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        PictureFolder.WriteFlat(data, 80);

        ProgramRun train = CommandAssert.Succeeds(Train(data, folder.File("runs")));

        Assert.That(train.Error.Split(NoLabels), Has.Length.EqualTo(2), "once");
        string run = Directory.GetDirectories(folder.File("runs")).Single();
        ResumesWithTheSameBytes(run);

        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", run, "--json");
        JsonElement scores = CommandAssert.Json(evaluate);
        AreNull(scores, ScoresOfLabels);
        Assert.That(scores.GetProperty("mse_q").GetDouble(), Is.Positive);
        Assert.That(scores.GetProperty("not_scored").GetString(), Does.StartWith("the images have no labels"));
        Assert.That(evaluate.Error, Does.Contain("generated images are not scored: the images have no labels"));
        Assert.That(CommandAssert.Succeeds("evaluate", run).Output, Does.Match("purity +undefined"));

        int test = scores.GetProperty("images").GetInt32();
        Assert.That(test, Is.InRange(1, 20));
        Assert.That(Hits(run, folder.File("map")), Is.EqualTo(test));
        Assert.That(Hits(run, folder.File("map-train"), "--split", "train"), Is.EqualTo(80 - test));
        Assert.That(Hits(run, folder.File("map-all"), "--split", "all"), Is.EqualTo(80));
        Assert.That(File.Exists(folder.File("map/labels.png")), Is.False);
        string[] lines = File.ReadAllLines(folder.File("map-train/reconstructions.csv"));
        Assert.That(lines[0], Does.StartWith("index,file,class,row,column,shown,p0,"));
        Assert.That(lines[1], Does.Match(@"^0,\d+\.png,,\d,\d,image,"));
        Assert.That(lines, Has.Length.EqualTo(1 + (3 * 16)), "the first images, as many as the largest batch");

        CommandAssert.Succeeds("generate", run, "--count", "4", "--output", folder.File("new.png"));
        CommandAssert.IsPicture(folder.File("new.png"));
    }

    [Test]
    public void TrainClassifier_PicturesWithoutLabels_IsRefusedBeforeAnythingIsWritten()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteFlat(folder.File("data"), 40);

        CommandAssert.Fails(
            DataOrFile,
            [.. "train --model classifier --accelerator cpu --data".Split(' '), folder.File("data"), "--output", folder.File("runs")],
            "the images have no labels", "put each picture into the folder of its class", "another --model");

        Assert.That(Directory.Exists(folder.File("runs")), Is.False);
    }

    [Test]
    public void Verbs_NoTestImages_LeaveOutTheirScores([Values] bool labels)
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        if (labels)
        {
            PictureFolder.WriteQuarters(data, 10);
        }
        else
        {
            PictureFolder.WriteFlat(data, 40);
        }

        ProgramRun train = CommandAssert.Succeeds(Train(data, folder.File("runs"), "--test-share", "0"));

        Assert.That(train.Error.Split("there are no test pictures"), Has.Length.EqualTo(2), "once");
        Assert.That(train.Error, Does.Contain("before training: scores of test images -\n"));
        Assert.That(train.Error, Does.Match(@"epoch 2/2: loss [0-9.]+, scores of test images -, [0-9.]+ s"));
        string run = Directory.GetDirectories(folder.File("runs")).Single();
        CommandAssert.IsPicture(Path.Combine(run, "samples", "reals.png"));
        ResumesWithTheSameBytes(run);
        string[] rows = File.ReadAllLines(Path.Combine(run, "metrics.jsonl"));
        Assert.That(rows, Has.Length.EqualTo(3).And.All.Contain("\"mse_e\":null,\"mse_q\":null,\"quantization_error\":null,\"te4\":null"));
        Assert.That(File.ReadAllLines(Path.Combine(run, "metrics.csv"))[1..], Has.Length.EqualTo(3).And.All.Match("^[012],,,,,,,,[0-9]"));

        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", run, "--json");
        JsonElement scores = CommandAssert.Json(evaluate);
        AreNull(scores, [.. ScoresOfLabels, .. ScoresOfTestImages, "fcd_real", "fcd_samples", "is_samples"]);
        Assert.That(evaluate.Error, Does.Contain("generated images are not scored: there are no test images"));

        CommandAssert.Fails(Usage, ["map", run, "--split", "test", "--accelerator", "cpu"], "--split test", "Give --split train");
        Assert.That(Hits(run, folder.File("map")), Is.EqualTo(40));
        File.WriteAllText(folder.File("map/labels.png"), "of an earlier map");
        ProgramRun map = CommandAssert.Succeeds("map", run, "--output", folder.File("map"));
        Assert.That(map.Error, Does.Contain("the training images are placed on the map"));
        Assert.That(map.Error.Contains("labels.png is of an earlier map", StringComparison.Ordinal), Is.EqualTo(!labels));
        Assert.That(File.ReadAllText(folder.File("map/labels.png")) == "of an earlier map", Is.EqualTo(!labels));
        CommandAssert.Succeeds("generate", run, "--count", "4", "--output", folder.File("new.png"));
        CommandAssert.Succeeds("info", run, "--verify");
    }

    [Test]
    public void Compare_NeitherLabelsNorTestImages_WritesWhatIsLeftWithTheReason([Values] bool hasTestImages)
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        PictureFolder.WriteFlat(data, 60);
        if (!hasTestImages)
        {
            foreach (string name in Dataset.Load(data).Test.Names!)
            {
                File.Delete(Path.Combine(data, name));
            }
        }

        string[] on = ["--epochs", "1", "--seeds", "1", "--accelerator", "cpu", "--data", data, "--output"];
        ProgramRun compare = CommandAssert.Succeeds(["compare", .. on, folder.File("compare")]);
        CommandAssert.Succeeds(["compare", .. on, folder.File("attention"), "--ablate", "attention"]);

        string table = File.ReadAllText(folder.File("compare/comparison.md"));
        Assert.That(compare.Output, Does.Contain("The images have no labels: scores of classes are left out."));
        Assert.That(table, Does.Contain("The images have no labels").And.Not.Contain("purity").And.Not.Contain("NaN"));
        Assert.That(table.Contains("mse_e", StringComparison.Ordinal), Is.EqualTo(hasTestImages));
        Assert.That(table.Contains("There are no test images", StringComparison.Ordinal), Is.Not.EqualTo(hasTestImages));
        CommandAssert.IsPicture(folder.File("compare/comparison.png"));
        CommandAssert.IsPicture(folder.File("attention/attention-pool.png"));
    }

    [TestCase(1)]
    [TestCase(11)]
    public void Verbs_OneClassAndMoreThanTheColors_ScoreThemAll(int classes)
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        for (int n = 0; n < 60 + (10 * classes); n++)
        {
            PictureFolder.Write(data, $"class {n % classes:00}/{n}.png", PictureFolder.Quarter(n));
        }

        CommandAssert.Succeeds(Train(data, folder.File("runs")));
        CommandAssert.Succeeds([
            .. "train --model classifier --epochs 1 --image-size 8 --accelerator cpu --data".Split(' '), data,
            "--output", folder.File("runs")]);

        string[] runs = [.. Directory.GetDirectories(folder.File("runs")).Order(StringComparer.Ordinal)];
        JsonElement scores = CommandAssert.PrintsJson("evaluate", runs[0], "--classifier", runs[1]);
        Assert.That(scores.GetProperty("purity").GetDouble(), classes == 1 ? Is.EqualTo(1) : Is.InRange(1.0 / classes, 1));
        Assert.That(scores.GetProperty("nmi").GetDouble(), Is.InRange(0, 1));
        Assert.That(scores.GetProperty("fcd_samples").ValueKind, Is.EqualTo(JsonValueKind.Number));
        CommandAssert.Succeeds("map", runs[0], "--split", "all", "--output", folder.File("map"));
        CommandAssert.IsPicture(folder.File("map/labels.png"));
        Assert.That(File.ReadAllText(folder.File("map/labels.csv")), Does.Contain(",class 0"));
    }

    [Test]
    public void Train_FewImagesForTheMapOrFewSteps_FitsTheDefaultsAndSaysIt()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteFlat(folder.Path, 80);
        File.WriteAllText(folder.File("c.json"), """{ "settings": { "epochs": 20, "sigma_start": 4 } }""");
        string[] plan = ["train", "--dry-run", "--json", "--accelerator", "cpu", "--test-share", "0", "--data", folder.Path];
        const string Units = "a map of 144 units for 80 images: give a smaller --map";

        (string few, int epochs, double sigma) = Plan();
        Assert.That(few, Does.Contain(Units).And.Contain("500 epochs instead of 20, 1000 steps, since a map needs a few thousand"));
        Assert.That((epochs, sigma), Is.EqualTo((500, 4.0)), "each step is of 64 images or the rest");

        (string small, epochs, sigma) = Plan("--map", "8x10", "--batch-size", "8");
        Assert.That(small, Does.Not.Contain("units for").And.Not.Contain("sigma").And.Contain("200 epochs instead of 20, 2000 steps"));
        Assert.That((epochs, sigma), Is.EqualTo((200, 4.0)));

        (string large, epochs, sigma) = Plan("--map", "8x30", "--batch-size", "1", "--sigma-end", "6");
        Assert.That(large, Does.Contain("sigma starts at 10, a third").And.Contain("25 epochs instead of 20, 2000 steps"));
        Assert.That((epochs, sigma), Is.EqualTo((25, 10.0)));

        foreach (string[] given in (string[][])[["--epochs", "20", "--sigma-start", "4"], ["--config", folder.File("c.json")]])
        {
            (string chosen, epochs, sigma) = Plan(["--map", "30x30", .. given]);
            Assert.That(chosen, Does.Contain("units for").And.Not.Contain("epochs instead").And.Not.Contain("sigma"));
            Assert.That((epochs, sigma), Is.EqualTo((20, 4.0)));
        }

        (string noMap, epochs, sigma) = Plan("--model", "ae");
        Assert.That(noMap, Does.Not.Contain("units for").And.Not.Contain("epochs"));
        Assert.That((epochs, sigma), Is.EqualTo((20, 4.0)));

        (string Error, int Epochs, double Sigma) Plan(params string[] more)
        {
            ProgramRun run = CommandAssert.Succeeds([.. plan, .. more]);
            JsonElement settings = CommandAssert.Json(run).GetProperty("config").GetProperty("settings");
            return (run.Error, settings.GetProperty("epochs").GetInt32(), settings.GetProperty("sigma_start").GetDouble());
        }
    }

    private static string[] Train(string data, string output, params string[] more) =>
    [
        .. "train --epochs 2 --image-size 8 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --data".Split(' '), data,
        "--output", output, .. more,
    ];

    private static void ResumesWithTheSameBytes(string run)
    {
        byte[] last = TrainTests.LastCheckpoint(run);
        string checkpoints = Path.Combine(run, "checkpoints");
        File.Copy(Path.Combine(checkpoints, "previous.safetensors"), Path.Combine(checkpoints, "last.safetensors"), overwrite: true);
        CommandAssert.Succeeds("resume", run);
        Assert.That(TrainTests.LastCheckpoint(run), Is.EqualTo(last));
    }

    /// <summary>Draws the map; returns the hits of all units.</summary>
    private static int Hits(string run, string output, params string[] more)
    {
        CommandAssert.Succeeds(["map", run, "--output", output, .. more]);
        return File.ReadAllLines(Path.Combine(output, "hits.csv")).Skip(1).Sum(line => int.Parse(line.Split(',')[2], null));
    }

    private static void AreNull(JsonElement document, string[] names) => Assert.That(
        names.Where(name => document.GetProperty(name).ValueKind != JsonValueKind.Null), Is.Empty);
}
