using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The commands that report: evaluate, info, devices, doctor, gradcheck, and map with its pictures.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ReadingVerbsTests
{
    private const int Usage = 2;
    private static readonly string[] Scores =
    [
        "mse_e", "mse_q", "quantization_error", "te6", "units_used", "perplexity", "purity", "nmi", "unit_label_accuracy",
    ];

    private static readonly string[] Head = ["run", "epoch", "step", "images", "mse_e", "mse_q"];
    private static readonly string[] Pictures =
        ["prototypes", "umatrix", "clusters", "hits", "labels", "error", "nearest", "path", "reconstructions"];

    [Test]
    public void Evaluate_Json_HasEveryScoreByItsNameAndThoseOfTheTraining()
    {
        JsonElement result = CommandAssert.PrintsJson("evaluate", SharedRun.Path, "--accelerator", "cpu");
        JsonElement trained = CommandAssert.Json(SharedRun.Training).GetProperty("metrics");

        Assert.That(Scores.Where(score => result.GetProperty(score).ValueKind != JsonValueKind.Number), Is.Empty);
        Assert.That(result.GetProperty("images").GetInt32(), Is.EqualTo(12));
        Assert.That(result.EnumerateObject().Select(property => property.Name).Take(Head.Length), Is.EqualTo(Head));
        foreach (string score in Scores.Where(score => trained.TryGetProperty(score, out _)))
        {
            Assert.That(result.GetProperty(score).GetDouble(), Is.EqualTo(trained.GetProperty(score).GetDouble()), score);
        }

        Assert.That(result.GetProperty("purity").GetDouble(), Is.InRange(0.25, 1));
        Assert.That(result.GetProperty("unit_label_accuracy").GetDouble(), Is.InRange(0, 1));
    }

    [Test]
    public void Evaluate_Table_HasALineForEveryScore()
    {
        ProgramRun run = CommandAssert.Succeeds("evaluate", SharedRun.Path);

        string[] names = [.. run.Output.Split('\n').Select(line => line.Split(' ')[0])];
        Assert.That(Scores, Is.SubsetOf(names));
        Assert.That(run.Error, Does.Contain("chosen by auto"));
    }

    [Test]
    public void Evaluate_OtherDataOfTheSameSide_SaysThatTheyAreOthers()
    {
        using TemporaryFolder data = new();
        IdxSet.Write(data.Path, 20, 10, 8);

        ProgramRun run = CommandAssert.Succeeds("evaluate", SharedRun.Path, "--data", data.Path, "--json");

        Assert.That(run.Error, Does.Contain($"{data.Path} is not the data set"));
        Assert.That(CommandAssert.Json(run).GetProperty("images").GetInt32(), Is.EqualTo(10));
    }

    [Test]
    public void Info_Json_HasConfigurationParametersAndEveryEpoch()
    {
        JsonElement result = CommandAssert.PrintsJson("info", SharedRun.Path);

        Assert.That(result.GetProperty("epoch").GetInt32(), Is.EqualTo(2));
        Assert.That(result.GetProperty("step").GetInt32(), Is.EqualTo(6));
        Assert.That(result.GetProperty("config").GetProperty("settings").GetProperty("map_height").GetInt32(), Is.EqualTo(3));
        Assert.That(result.GetProperty("metrics").GetArrayLength(), Is.EqualTo(3));
        JsonElement settings = result.GetProperty("config").GetProperty("settings");
        Assert.That((settings.GetProperty("channels").GetInt32(), settings.GetProperty("stages").GetInt32()), Is.EqualTo((1, 2)));

        // Of the map, 12 units of 8 numbers; encoder: 9·32 + 32, 9·32·64 + 64, and 2·2·64·8 + 8 at 8 x 8 pixels.
        Assert.That(result.GetProperty("parameters").GetProperty("som").GetInt32(), Is.EqualTo(96));
        Assert.That(result.GetProperty("parameters").GetProperty("encoder").GetInt32(), Is.EqualTo(320 + 18496 + 2056));
    }

    [Test]
    public void Info_Table_TellsSettingsAndScores()
        => Assert.That(CommandAssert.Succeeds("info", SharedRun.Path).Output, Does.Match(@"\nlatent +8\b").And.Match(@"\nperplexity +\d"));

    [Test]
    public void Devices_BothForms_ListEveryAccelerator()
    {
        string table = CommandAssert.Succeeds("devices").Output;
        JsonElement.ArrayEnumerator listed = CommandAssert.PrintsJson("devices").GetProperty("accelerators").EnumerateArray();

        string[] names = ["auto", "cuda", "opencl", "cpu", "ilgpu-cpu"];
        Assert.That(listed.Select(device => device.GetProperty("name").GetString()), Is.EqualTo(names));
        JsonElement cpu = listed.Single(device => device.GetProperty("name").GetString() == "cpu");
        Assert.That(cpu.GetProperty("available").GetBoolean(), Is.True);
        Assert.That(names.Where(name => !table.Contains($"\n{name} ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Gradcheck_OnTheProcessor_PassesEveryCheck()
    {
        JsonElement result = CommandAssert.PrintsJson("gradcheck", "--accelerator", "cpu");

        JsonElement.ArrayEnumerator checks = result.GetProperty("checks").EnumerateArray();
        Assert.That(checks.Count(check => check.GetProperty("passed").GetBoolean()), Is.EqualTo(result.GetProperty("passed").GetInt32()));
        Assert.That(result.GetProperty("failed").GetInt32(), Is.Zero);
        Assert.That(checks.Select(check => check.GetProperty("stage").GetString()), Is.SupersetOf(["reference", "forward", "backward"]));
    }

    [Test]
    public void Doctor_OnTheProcessor_FindsItHealthy()
    {
        JsonElement result = CommandAssert.PrintsJson("doctor", "--accelerator", "cpu");

        JsonElement[] checks = [.. result.GetProperty("checks").EnumerateArray()];
        Assert.That(checks.Select(check => check.GetProperty("passed").GetBoolean()), Is.All.True);
        Assert.That(result.GetProperty("passed").GetInt32(), Is.EqualTo(checks.Length));
        Assert.That(result.GetProperty("compared_nothing").GetBoolean(), Is.False);
        Assert.That(result.GetProperty("healthy").GetBoolean(), Is.True);
        Assert.That(checks.Select(check => check.GetProperty("worst_error").GetDouble()), Has.Some.Positive);
        IEnumerable<JsonElement> training = checks.Where(check => check.GetProperty("stage").GetString() == "training");
        Assert.That(
            training.Select(check => check.GetProperty("tensor").GetString()),
            Is.EqualTo(["loss", "mse_e", "mse_q", "loss", "mse_e", "mse_q"]), "gray, then color");
    }

    [Test]
    public void Doctor_WithoutJson_PrintsATableAndItsProgressOnStderr()
    {
        ProgramRun run = CommandAssert.Succeeds("doctor", "--accelerator", "cpu", "--threads", "1");

        Assert.That(run.Output, Does.Match(@"som_update_online 64x32, map 12x12 +codebook +forward +\d\.\de-\d\d +\d\.\de-\d\d +ok"));
        Assert.That(run.Output, Does.Match(@"cpu \(.*\): \d+ passed, 0 failed\n\z"));
        Assert.That(run.Error, Does.StartWith("doctor: operations with a gradient\n").And.EndWith("doctor: ten training steps\n"));
    }

    [Test]
    public void Map_WritesNinePicturesAndTheirNumbers()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.Path, "--from", "0,0", "--to", "2,3");

        string[] expected = [.. Pictures.SelectMany(name => new[] { folder.File($"{name}.png"), folder.File($"{name}.csv") })];
        Assert.That(Directory.GetFiles(folder.Path), Is.EquivalentTo(expected));
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EquivalentTo(expected));
        Array.ForEach(Pictures, name => CommandAssert.IsPicture(folder.File($"{name}.png")));
        string[] hits = File.ReadAllLines(folder.File("hits.csv"));
        Assert.That(hits[0], Is.EqualTo("row,column,hits"));
        Assert.That(hits.Skip(1).Sum(line => int.Parse(line.Split(',')[2], null)), Is.EqualTo(12), "every test image falls on one unit");
        Assert.That(hits, Has.Length.EqualTo(1 + 12));
    }

    [Test]
    public void Map_Path_BeginsAndEndsAtThePrototypesOfItsUnits()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.Path, "--from", "0,3", "--to", "2,0");

        string[] path = File.ReadAllLines(folder.File("path.csv"));
        string[] prototypes = File.ReadAllLines(folder.File("prototypes.csv"));
        int middle = (path.Length - 1) / 2; // rows over the map, then as many on the straight line
        foreach ((int first, int last) in new[] { (1, middle), (middle + 1, path.Length - 1) })
        {
            Assert.That(Pixels(path[first]), Is.EqualTo(Pixels(prototypes[1 + 3])), "unit 0,3");
            Assert.That(Pixels(path[last]), Is.EqualTo(Pixels(prototypes[1 + 8])), "unit 2,0");
        }

        Assert.That(Pixels(path[2]), Is.Not.EqualTo(Pixels(path[1])));

        static string[] Pixels(string line) => line.Split(',')[2..];
    }

    [Test]
    public void Map_Json_NamesEveryFile()
    {
        using TemporaryFolder folder = new();
        JsonElement result = CommandAssert.PrintsJson("map", SharedRun.Path, "--output", folder.File("new"));

        Assert.That(
            result.GetProperty("files").EnumerateArray().Select(file => file.GetString()),
            Is.EquivalentTo(Directory.GetFiles(folder.File("new"))));
    }

    [TestCase("--from", "3,0", "rows are 0 to 2")]
    [TestCase("--to", "0,4", "columns 0 to 3")]
    [TestCase("--from", "1", "'1'")]
    [TestCase("--to", "1;2", "'1;2'")]
    [TestCase("--to", "-1,0", "'-1,0'")]
    public void Map_UnitThatIsNotThere_SaysWhatIs(string option, string value, string word)
        => CommandAssert.Fails(Usage, ["map", SharedRun.Path, "--accelerator", "cpu", option, value], option, word);
}
