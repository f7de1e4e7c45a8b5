using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>--data, given several times: the verbs read one set, and config.json tells which.</summary>
public sealed class JoinedSetsCommandTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;

    [Test]
    public void Train_TwoSets_IsReadAgainByEveryVerb()
    {
        using TemporaryFolder folder = new();
        (string first, string second) = (SharedRun.Data, folder.File("b"));
        Directory.CreateDirectory(second);
        IdxSet.Write(second, 12, 5, 8);
        string[] data = ["--data", first, "--data", second];
        CommandAssert.Succeeds(
        [
            .. "train --epochs 1 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --output".Split(' '), folder.File("runs"), .. data,
        ]);
        string run = folder.File("runs/0001-somattn-3x4-s42");

        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json"))).RootElement;
        Assert.That(config.GetProperty("data").EnumerateArray().Select(path => path.GetString()), Is.EqualTo([first, second]));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run, "--accelerator", "cpu");
        Assert.That(scores.GetProperty("data").GetArrayLength(), Is.EqualTo(2));
        Assert.That(scores.GetProperty("images").GetInt32(), Is.EqualTo(12 + 5));
        Assert.That(CommandAssert.Succeeds("resume", run).Error, Does.Contain("already finished"));
        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
        Assert.That(CommandAssert.Succeeds(["resume", run, .. data]).Error, Does.Contain("already finished"));
        CommandAssert.Fails(DataOrFile, ["resume", run, "--data", first], "other data");
        Assert.That(
            CommandAssert.Succeeds("runs", "--folder", folder.File("runs")).Output, Does.Contain($"{Path.GetFileName(first)}+b"));

        ProgramRun locate = CommandAssert.Succeeds(
            ["locate", run, "--split", "test", "--output", folder.File("a.csv"), "--accelerator", "cpu", .. data]);
        Assert.That(locate.Error, Does.Not.Contain("is not the data set").And.Not.Contain("no percentiles"));
        string[] lines = File.ReadAllLines(folder.File("a.csv"));
        Assert.That(lines, Has.Length.EqualTo(1 + 12 + 5));
        Assert.That(lines[1], Does.StartWith($"{Path.GetFileName(first)}/0,test,0,0,"));
        Assert.That(lines[^1], Does.StartWith("b/4,test,16,"));
    }

    [Test]
    public void Pack_TwoSets_WritesThemAsOne()
    {
        using TemporaryFolder folder = new();
        string second = folder.File("b");
        Directory.CreateDirectory(second);
        IdxSet.Write(second, 12, 5, 8);

        JsonElement packed = CommandAssert.PrintsJson("pack", SharedRun.Data, second, "--output", folder.File("packed"));

        Assert.That((packed.GetProperty("train").GetInt32(), packed.GetProperty("test").GetInt32()), Is.EqualTo((40 + 12, 12 + 5)));
        Assert.That(File.ReadLines(folder.File("packed/files-train.txt")).Last(), Is.EqualTo("b/11"));
    }

    [TestCase("[]", 3)]
    [TestCase("[1]", 3)]
    [TestCase("[\"\"]", 2)]
    [TestCase("{}", 3)]
    public void Config_DataThatAreNoPaths_AreRefused(string data, int exitCode)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("c.json"), $"{{ \"data\": {data} }}");

        CommandAssert.Fails(exitCode, ["train", "--dry-run", "--config", folder.File("c.json")], "data");
    }

    [Test]
    public void Data_ASetTwiceOrAnOptionAsAPath_IsRefused()
    {
        string[] train = ["train", "--dry-run", "--data", SharedRun.Data, "--data"];
        CommandAssert.Fails(DataOrFile, [.. train, SharedRun.Data], SharedRun.Data, "twice");
        CommandAssert.Fails(Usage, [.. train, "--json"], "--data takes a path");
    }
}
