using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command train: the files of a run, and the settings that determine their bytes.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TrainTests
{
    private const string Columns =
        "epoch,mse_e,mse_q,quantization_error,te4,te8,te6,units_used,perplexity,sigma,eta,learning_rate,loss,seconds,images_per_second";

    [Test]
    public void Train_RunDirectory_HasEveryFileOfTheLayoutAndNoOther()
    {
        string[] expected =
        [
            "atlas.html", "checkpoints/last.safetensors", "checkpoints/previous.safetensors", "config.json", "config.sha256",
            "curves.svg", "losses.safetensors", "maps/epoch_000.safetensors", "maps/epoch_001.safetensors", "maps/epoch_002.safetensors",
            "metrics.csv", "metrics.jsonl",
            "samples/epoch_000.png", "samples/epoch_001.png", "samples/epoch_002.png", "samples/latest.png",
            "samples/map_000.png", "samples/map_001.png", "samples/map_002.png", "samples/reals.png",
        ];

        Assert.That(Path.GetFileName(SharedRun.Path), Is.EqualTo("0001-somattn-3x4-s42"));

        // An evaluation of the shared run adds its scores, and 'locate' the distances.
        IEnumerable<string> files = FilesOf(SharedRun.Path).Where(file =>
            !file.StartsWith("scores", StringComparison.Ordinal) && !file.StartsWith("distances", StringComparison.Ordinal));
        Assert.That(files, Is.EqualTo(expected));
        foreach (string picture in expected.Where(file => file.EndsWith(".png", StringComparison.Ordinal)))
        {
            CommandAssert.IsPicture(Path.Combine(SharedRun.Path, picture));
        }
    }

    [Test]
    public void Train_Metrics_HaveARowForEachEpochAndTheSameNumbersInBothFiles()
    {
        string[] table = File.ReadAllLines(Path.Combine(SharedRun.Path, "metrics.csv"));
        JsonElement[] rows = [.. File.ReadAllLines(Path.Combine(SharedRun.Path, "metrics.jsonl")).Select(Parse)];

        Assert.That(table[0], Is.EqualTo(Columns));
        Assert.That(table.Skip(1).Select(row => row.Split(',')[0]), Is.EqualTo(["0", "1", "2"]));
        Assert.That(table.Skip(1).Select(row => row.Split(',').Length), Is.All.EqualTo(15));
        Assert.That(rows.Select(row => string.Join(',', row.EnumerateObject().Select(cell => cell.Name))), Is.All.EqualTo(Columns));
        Assert.That(rows.Select(row => string.Join(',', row.EnumerateObject().Select(cell => cell.Value.ToString()))),
            Is.EqualTo(table.Skip(1)));
    }

    [Test]
    public void Train_Json_IsOneDocumentThatNamesRunAndScores()
    {
        JsonElement result = CommandAssert.Json(SharedRun.Training);

        Assert.That(result.GetProperty("run").GetString(), Is.EqualTo(SharedRun.Path));
        Assert.That(File.Exists(result.GetProperty("checkpoint").GetString()), Is.True);
        Assert.That(result.GetProperty("metrics").GetProperty("epoch").GetInt32(), Is.EqualTo(2));
        Assert.That(result.GetProperty("metrics").GetProperty("mse_e").GetDouble(), Is.Positive);
        Assert.That(SharedRun.Training.Error, Does.Contain(SharedRun.Path));

        // The runtime alone takes more than 20 MB; a training of tiny images far less than 1 GB.
        Assert.That(result.GetProperty("peak_memory_bytes").GetInt64(), Is.InRange(20_000_000, 1_000_000_000));
    }

    [Test]
    public void Train_Progress_TellsOfTheFirstStepAtOnce()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = CommandAssert.Succeeds(SharedRun.Train(folder.Path));

        Assert.That(run.Error, Does.Match(@"before training: [^\n]+\nepoch 1/\d+, step 1/\d+: loss 0\.\d{4}\n"));
    }

    [Test]
    public void Train_Tables_EndWithTheRunOnALineOfItsOwn()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = CommandAssert.Succeeds(SharedRun.Train(folder.Path, "--no-progress", "--no-advice"));

        Assert.That(run.Output, Does.EndWith($"\n{folder.File("0001-somattn-3x4-s42")}\n"));
        Assert.That(run.Output, Does.Match(@"\nmse_q +0\.\d+"));
        Assert.That(run.Error, Does.Not.Contain("epoch"));
    }

    [Test]
    public void Train_DryRun_TellsTheConfigurationAndWritesNothing([Values] bool json)
    {
        using TemporaryFolder folder = new();
        string[] arguments = SharedRun.Train(folder.File("runs"), "--dry-run");

        string output = json
            ? CommandAssert.PrintsJson(arguments).GetProperty("config").GetProperty("settings").GetRawText()
            : CommandAssert.Succeeds(arguments).Output;

        Assert.That(output, Does.Match(@"map_width\W+4\b"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
    }

    [TestCase(true, "--seed", "42")]
    [TestCase(true, "--threads", "1")]
    [TestCase(true, "--threads", "2")]
    [TestCase(false, "--seed", "43")]
    [TestCase(false, "--eta-end", "0.02")]
    public void Train_Again_GivesTheSameCheckpointUnlessASettingDiffers(bool same, params string[] more)
    {
        using TemporaryFolder folder = new();

        CommandAssert.Succeeds(SharedRun.Train(folder.Path, [.. more, "--json"]));

        byte[] first = LastCheckpoint(SharedRun.Path);
        byte[] second = LastCheckpoint(Directory.GetDirectories(folder.Path).Single());
        Assert.That(second.AsSpan().SequenceEqual(first), Is.EqualTo(same));
    }

    [Test]
    public void Train_TwiceIntoOneFolder_NumbersTheRuns()
    {
        using TemporaryFolder folder = new();

        CommandAssert.Succeeds(SharedRun.Train(folder.Path));
        CommandAssert.Succeeds(SharedRun.Train(folder.Path, "--seed", "7"));

        Assert.That(
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(),
            Is.EqualTo([".last-number", "0001-somattn-3x4-s42", "0002-somattn-3x4-s7"]));
    }

    [Test]
    public void Train_ConfigOfARun_RepeatsItAndOptionsWin()
    {
        using TemporaryFolder folder = new();
        string config = Path.Combine(SharedRun.Path, "config.json");

        CommandAssert.Succeeds("train", "--config", config, "--output", folder.Path);
        JsonElement other = CommandAssert.PrintsJson("train", "--config", config, "--map", "2x5", "--threads", "1", "--dry-run");

        Assert.That(LastCheckpoint(folder.File("0001-somattn-3x4-s42")), Is.EqualTo(LastCheckpoint(SharedRun.Path)));
        JsonElement settings = other.GetProperty("config").GetProperty("settings");
        Assert.That(settings.GetProperty("map_height").GetInt32(), Is.EqualTo(2));
        Assert.That(settings.GetProperty("latent").GetInt32(), Is.EqualTo(8));
        Assert.That(other.GetProperty("config").GetProperty("threads").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("""{ "settings": { "epochs": 5, "som_update": "online" }, "threads": 1 }""", 0)]
    [TestCase("""{ "settings": { "epoch": 5 } }""", 3, "settings.epoch")]
    [TestCase("""{ "epochs": 5 }""", 3, "'epochs'")]
    [TestCase("""{ "settings": { "epochs": "5" } }""", 3, "settings.epochs")]
    [TestCase("""{ "settings": { "epochs": 5, "epochs": 6 } }""", 3)]
    [TestCase("""{ "settings": 5 }""", 3, "settings")]
    [TestCase("""{ "settings": """, 3)]
    [TestCase("""[]""", 3)]
    [TestCase("""{ "settings": { "epochs": 0 } }""", 2, "--epochs 0")]
    [TestCase("""{ "threads": -3 }""", 2, "--threads -3")]
    [TestCase("""{ "accelerator": "abacus" }""", 2, "abacus")]
    [TestCase("""{ "accelerator": "cpu", "device": 9 }""", 4, "cpu", "9")]
    [TestCase("""{ "settings": { "model": "other" } }""", 3, "settings.model")]
    [TestCase("""{ "data": "" }""", 2, "--data")]
    public void Train_PartialConfig_IsLaidOverTheDefaultsOrRefused(string text, int code, params string[] words)
    {
        using TemporaryFolder folder = new();
        string config = folder.File("config.json");
        File.WriteAllText(config, text);
        string[] data = text.Contains("data", StringComparison.Ordinal) ? [] : ["--data", SharedRun.Data];
        string[] arguments = ["train", "--config", config, .. data, "--dry-run"];
        if (code != 0)
        {
            CommandAssert.Fails(code, arguments, words);
            return;
        }

        JsonElement settings = CommandAssert.PrintsJson(arguments).GetProperty("config").GetProperty("settings");
        Assert.That(settings.GetProperty("epochs").GetInt32(), Is.EqualTo(5));
        Assert.That(settings.GetProperty("som_update").GetString(), Is.EqualTo("online"));
        Assert.That(settings.GetProperty("batch_size").GetInt32(), Is.EqualTo(64));
    }

    [Test]
    public void Train_MapOfOneUnit_LeavesTopographicErrorsEmpty()
    {
        using TemporaryFolder folder = new();

        JsonElement result = CommandAssert.Json(
            ProgramRun.Of("train", "--data", SharedRun.Data, "--output", folder.Path, "--epochs", "1", "--map", "1x1", "--json"));

        Assert.That(result.GetProperty("metrics").GetProperty("te4").ValueKind, Is.EqualTo(JsonValueKind.Null));
        string run = folder.File("0001-somattn-1x1-s42");
        Assert.That(File.ReadAllLines(Path.Combine(run, "metrics.csv"))[2].Split(',')[4], Is.Empty);
        Assert.That(CommandAssert.PrintsJson("evaluate", run).GetProperty("units_used").GetInt32(), Is.EqualTo(1));
    }

    internal static byte[] LastCheckpoint(string run) => File.ReadAllBytes(Path.Combine(run, "checkpoints", "last.safetensors"));

    /// <summary>Returns the files below a folder, by relative path.</summary>
    private static IEnumerable<string> FilesOf(string run) =>
        Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(run, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    private static JsonElement Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
