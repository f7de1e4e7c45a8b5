using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Finding runs again: runs, note and reproduce.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RunsTests : IDisposable
{
    private const int Failed = 1, Usage = 2, DataOrFile = 3;
    private readonly TemporaryFolder _folder = new();

    private string Runs => _folder.File("runs");

    [OneTimeSetUp]
    public void CopyRuns()
    {
        foreach (string name in (string[])["0003-somattn-3x4-s42", "0012-somattn-3x4-s42", "0005-damaged", "0007-hand-edited"])
        {
            SharedRun.CopyTo(Path.Combine(Runs, name));
        }

        File.WriteAllText(Path.Combine(Runs, "0005-damaged", "config.json"), "{");
        string config = Path.Combine(Runs, "0007-hand-edited", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"batch_size\": 16", "\"batch_size\": 8", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(Runs, "no-run"));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Runs_OfAFolder_ListsEachWithItsScoresAndWhatIsWrong()
    {
        JsonElement[] runs = [.. CommandAssert.PrintsJson("runs", "--folder", Runs).GetProperty("runs").EnumerateArray()];
        string[] lines = CommandAssert.Succeeds("runs", "--folder", Runs).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.That(runs.Select(run => run.GetProperty("number").GetInt32()), Is.EqualTo([3, 5, 7, 12]));
        Assert.That(runs[0].GetProperty("newest").GetProperty("epoch").GetInt32(), Is.EqualTo(2));
        Assert.That(runs[0].GetProperty("problems").GetArrayLength(), Is.Zero);
        Assert.That(runs[1].GetProperty("problems")[0].GetString(), Does.Contain("0005-damaged").And.Contain("config.json"));
        Assert.That(Problems(runs[2]), Does.Contain("batch_size is 8 instead of 16"));
        Assert.That(Problems(runs[3]), Is.EqualTo("It is a copy of 0003-somattn-3x4-s42."));
        Assert.That(lines, Has.Length.EqualTo(5));
        string[] columns = ["run", "mse_e", "te6", "problem"];
        Assert.That(columns, Is.SubsetOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..6], Is.EqualTo(["3", "somattn", "data", "3x4", "2", "2"]));
    }

    [Test]
    public void Runs_EachFault_IsNamedAndTheListGoesOn()
    {
        string runs = _folder.File("faults");
        string[] names =
            ["0001-good", "0001-namesake", "0002-cut", "0003-unfinished", "0004-moved", "0005-edited", "0006-no-checkpoint", "0007-newer"];
        foreach (string name in names)
        {
            SharedRun.CopyTo(Path.Combine(runs, name));
            string rows = Path.Combine(runs, name, "metrics.jsonl");

            // Those of another training.
            string seconds = $"\"seconds\":{name[3]}{name.Length}";
            File.WriteAllText(rows, File.ReadAllText(rows).Replace("\"seconds\":", seconds, StringComparison.Ordinal));
        }

        string In(string run, string file) => Path.Combine(runs, run, file);
        void Edit(string run, string old, string other) => File.WriteAllText(
            In(run, "config.json"), File.ReadAllText(In(run, "config.json")).Replace(old, other, StringComparison.Ordinal));
        File.WriteAllBytes(
            In("0002-cut", "checkpoints/last.safetensors"), File.ReadAllBytes(In("0002-cut", "checkpoints/last.safetensors"))[..5000]);
        File.WriteAllLines(In("0003-unfinished", "metrics.jsonl"), File.ReadAllLines(In("0003-unfinished", "metrics.jsonl"))[..2]);
        Edit("0004-moved", SharedRun.Data, "/gone");
        Edit("0005-edited", "\"threads\": ", "\"threads\": 1");
        Directory.Delete(In("0006-no-checkpoint", "checkpoints"), recursive: true);
        Edit("0007-newer", "\"version\": \"", "\"later_key\": 1, \"version\": \"9");

        string[] problems =
        [
            .. CommandAssert.PrintsJson("runs", "--folder", runs).GetProperty("runs").EnumerateArray().Select(Problems),
        ];

        string[] expected =
        [
            "", "0001-good has the same number", "last.safetensors", "It is unfinished: 1 of 2 epochs.", "Its data are no longer at /gone.",
            "config.json was changed after the training began", "has no checkpoint yet", "Version 9",
        ];
        Assert.That(problems[0], Is.Empty);
        Assert.That(problems, Has.Length.EqualTo(names.Length));
        Assert.That(problems.Zip(expected).Where(pair => !pair.First.Contains(pair.Second, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Runs_SortedDescending_PutsTheLargestFirstAndThoseWithoutAValueLast()
    {
        JsonElement[] runs =
        [
            .. CommandAssert.PrintsJson("runs", "--folder", Runs, "--sort", "model", "--descending").GetProperty("runs").EnumerateArray(),
        ];

        Assert.That(runs.Select(run => run.GetProperty("number").GetInt32()), Is.EqualTo([12, 7, 3, 5]));
        CommandAssert.Fails(Usage, ["runs", "--sort", "beauty"], "--sort takes one of run, model", "beauty");
    }

    [Test]
    public void Runs_Diff_ListsTheKeysThatDiffer()
    {
        JsonElement document = CommandAssert.PrintsJson("runs", "3", "7", "12", "--diff", "--folder", Runs);

        JsonProperty difference = document.GetProperty("differences").EnumerateObject().Single();
        Assert.That(difference.Name, Is.EqualTo("batch_size"));
        Assert.That(difference.Value.EnumerateArray().Select(value => value.GetString()), Is.EqualTo(["16", "8", "16"]));
        CommandAssert.Fails(Usage, ["runs", "3", "--diff", "--folder", Runs], "at least two");
        CommandAssert.Fails(DataOrFile, ["runs", "3", "5", "--diff", "--folder", Runs], "0005-damaged");
        CommandAssert.Fails(DataOrFile, ["runs", "99", "--folder", Runs], "There is no run 99");
        CommandAssert.Fails(Usage, ["runs", "", "--folder", Runs], "RUN");
    }

    [Test]
    public void Runs_NoFolder_SaysSo()
    {
        ProgramRun run = CommandAssert.Succeeds("runs", "--folder", _folder.File("nothing"));

        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain("has no runs"));
    }

    [Test]
    public void Note_Text_IsListedAndReplacedAndRemoved()
    {
        string copy = SharedRun.CopyTo(_folder.File("noted/0001-run"));
        CommandAssert.Succeeds("note", copy, "größere Karte, \"eta\" 0.1");
        Assert.That(CommandAssert.Succeeds("note", copy).Output, Is.EqualTo("größere Karte, \"eta\" 0.1\n"));
        Assert.That(CommandAssert.Succeeds("runs", "--folder", _folder.File("noted")).Output, Does.Contain("größere Karte"));
        Assert.That(CommandAssert.Succeeds("info", copy, "--verify").Output, Does.Contain("note.txt").And.Contain("not checked"));

        CommandAssert.Succeeds("note", copy, "second");
        Assert.That(CommandAssert.Succeeds("note", copy).Output, Is.EqualTo("second\n"));
        CommandAssert.Succeeds("note", copy, "");
        Assert.That(CommandAssert.Succeeds("note", copy).Output, Is.EqualTo("\n"));
        CommandAssert.Fails(DataOrFile, ["note", _folder.File("nowhere"), "text"], "There is no run");
    }

    [Test]
    public void Reproduce_SameConfiguration_HasTheSameBytes()
    {
        ProgramRun run = CommandAssert.Succeeds("reproduce", SharedRun.Path, "--no-progress", "--threads", "1");

        Assert.That(run.Output, Does.StartWith("same bytes: all scores, and all "));
    }

    [Test]
    public void Reproduce_OtherSettings_NamesTheFirstEpochAndTensor()
    {
        string edited = Path.Combine(Runs, "0007-hand-edited");
        ProgramRun other = ProgramRun.Of(["reproduce", edited, "--no-progress"]);

        // With half the batch, the step of the checkpoint is in an earlier epoch.
        Assert.That(other.ExitCode, Is.EqualTo(Failed), other.Error);
        Assert.That(other.Output, Does.Contain("tensors differ, the first is "));

        string seeded = SharedRun.CopyTo(_folder.File("seeded/0001-run"));
        string config = Path.Combine(seeded, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"seed\": 42", "\"seed\": 43", StringComparison.Ordinal));
        ProgramRun run = ProgramRun.Of(["reproduce", seeded, "--no-progress", "--json"]);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.That(run.ExitCode, Is.EqualTo(Failed), run.Error);
        Assert.That(document.RootElement.GetProperty("epoch").GetInt32(), Is.Zero);
        Assert.That(document.RootElement.GetProperty("scores").GetString(), Does.StartWith("mse_e "));
        Assert.That(document.RootElement.GetProperty("tensors").GetArrayLength(), Is.GreaterThan(10));
    }

    private static string Problems(JsonElement run) =>
        string.Join(' ', run.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));

    [Test]
    public void Reproduce_OtherData_AreRefused()
    {
        using TemporaryFolder data = new();
        IdxSet.Write(data.Path, 40, 12, 8);

        CommandAssert.Fails(DataOrFile, ["reproduce", SharedRun.Path, "--data", data.Path], "other data than those of the run");
    }
}
