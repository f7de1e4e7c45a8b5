using System.Text;
using System.Text.Json;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Messages: hints can be pasted, statements are true, and errors come before any work.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class WordsTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;

    [Test]
    public void Help_Usage_IsACommandThatStartsTheProgramHere()
    {
        using TemporaryFolder folder = new();
        ProgramRun elsewhere = ProgramRun.In(folder.Path, AppContext.BaseDirectory, [], "train", "--help");
        string program = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");

        Assert.That(CommandAssert.Succeeds("train", "--help").Output, Does.Contain("\n  dotnet run -- train [options]"));
        Assert.That(elsewhere.Output, Does.Contain($"\n  dotnet {program} train [options]"));
    }

    [Test]
    public void NumberIn_ARun_IsTheNumberThatFindsIt()
    {
        using TemporaryFolder folder = new();
        RunDirectory first = RunDirectory.Create(folder.File("runs"), new TrainingSettings());
        RunDirectory second = RunDirectory.Create(folder.File("runs"), new TrainingSettings());

        Assert.That((first.NumberIn(folder.File("runs")), second.NumberIn(folder.File("runs"))), Is.EqualTo(((int?)1, (int?)2)));
        Assert.That(first.NumberIn(folder.Path), Is.Null);
    }

    [TestCase("help train", "\n  --epochs ")]
    [TestCase("help", "\n  train ")]
    public void Help_AsAWord_IsHelp(string line, string said)
        => Assert.That(CommandAssert.Succeeds(line.Split(' ')).Output, Does.Contain(said));

    [TestCase("Train --help", "Did you mean 'train'?")]
    [TestCase("help trian", "Did you mean 'train'?")]
    [TestCase("nonsense --help", "'nonsense'")]
    [TestCase("train --sead 3", "Did you mean '--seed'?")]
    public void Program_UnknownWord_NamesTheNearOne(string line, string said) => CommandAssert.Fails(Usage, line.Split(' '), said);

    [TestCase("train --watch")]
    [TestCase("map 2 --hex")]
    [TestCase("train --rgb")]
    [TestCase("ls")]
    public void Program_WordFarFromAll_SuggestsNone(string line)
        => Assert.That(ProgramRun.Of(line.Split(' ')).Error, Does.Contain("unknown").And.Not.Contain("Did you mean"));

    [TestCase("map", "--from 9,9")]
    [TestCase("map", "--to 9,9")]
    [TestCase("generate", "--unit 9,9")]
    [TestCase("generate", "--sampler prior")]
    [TestCase("generate", "--sampler density --sigma 1")]
    public void Verb_WrongOption_IsToldBeforeAnythingStarts(string verb, string options)
    {
        ProgramRun run = ProgramRun.Of([verb, SharedRun.Path, .. options.Split(' ')]);

        Assert.That(run.ExitCode, Is.EqualTo(Usage), run.Error);
        Assert.That(run.Error, Does.StartWith("error: ").And.Not.Contain("accelerator"));
    }

    [TestCase("map", "--from")]
    [TestCase("locate", "--split")]
    [TestCase("generate", "--count")]
    [TestCase("evaluate", "--classifier")]
    public void Help_OfAVerb_HasItsOwnOptionsFirst(string verb, string own)
    {
        string help = CommandAssert.Succeeds(verb, "--help").Output;

        int shared = help.IndexOf("\n  --accelerator ", StringComparison.Ordinal);
        Assert.That(help.IndexOf($"\n  {own} ", StringComparison.Ordinal), Is.InRange(0, shared));
    }

    [Test]
    public void Evaluate_OwnData_KeepsTheScoresInTheRunWhereVerifyChecksThem()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string file = Path.Combine(run, "scores.json");

        JsonElement printed = CommandAssert.PrintsJson("evaluate", run);

        using var kept = JsonDocument.Parse(File.ReadAllText(file));
        string[] names = [.. printed.EnumerateObject().Select(property => property.Name)];
        Assert.That(kept.RootElement.EnumerateObject().Select(property => property.Name), Is.EqualTo(names.Append("sha256")));
        Assert.That(names.Where(name => kept.RootElement.GetProperty(name).ToString() != printed.GetProperty(name).ToString()), Is.Empty);
        Assert.That(printed.GetProperty("data").GetString(), Is.EqualTo(SharedRun.Data));
        Assert.That(CommandAssert.Succeeds("info", run, "--verify").Output, Does.EndWith("0 damaged, 0 not checked\n"));

        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        ProgramRun verify = ProgramRun.Of("info", run, "--verify");
        Assert.That((verify.ExitCode, verify.Output.Contains("scores.json", StringComparison.Ordinal)), Is.EqualTo((DataOrFile, true)));
    }

    [Test]
    public void Evaluate_OtherData_LeavesTheScoresOfTheRunsOwn()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        CommandAssert.Succeeds("evaluate", run);
        byte[] own = File.ReadAllBytes(Path.Combine(run, "scores.json"));
        Directory.CreateDirectory(folder.File("data"));
        IdxSet.Write(folder.File("data"), 20, 10, 8);

        ProgramRun other = CommandAssert.Succeeds("evaluate", run, "--data", folder.File("data"));

        Assert.That(other.Error, Does.Contain("not saved"));
        Assert.That(File.ReadAllBytes(Path.Combine(run, "scores.json")), Is.EqualTo(own));
    }

    [Test]
    public void Evaluate_RunThatCannotBeWritten_PrintsTheScoresAndWarns()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Directory.CreateDirectory(Path.Combine(run, "scores.json"));

        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", run);

        Assert.That(evaluate.Output, Does.Contain("mse_q"));
        Assert.That(evaluate.Error, Does.Contain("warning: the scores are not saved: ").And.Contain("folder"));
    }

    [Test]
    public void Evaluate_WithoutAnyClassifier_GivesTheScoresThatNeedNone()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("program"));
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Concat(Directory.EnumerateFiles(AppContext.BaseDirectory, "*.json")))
        {
            File.Copy(file, folder.File($"program/{Path.GetFileName(file)}"));
        }

        string run = SharedRun.CopyTo(folder.File("run"));
        ProgramRun evaluate = ProgramRun.In(folder.Path, folder.File("program"), [], "evaluate", run, "--json");

        Assert.That(evaluate.Error, Does.Contain("neither here nor beside the program").And.Contain("train --model classifier"));
        Assert.That(CommandAssert.Json(evaluate).GetProperty("mse_q").GetDouble(), Is.Positive);
    }

    [Test]
    public void Evaluate_RunAsClassifier_IsTakenForItsCheckpoint()
    {
        using TemporaryFolder folder = new();
        string output = folder.File("runs");
        string[] train = [.. "train --model classifier --epochs 1 --accelerator cpu --data".Split(' '), SharedRun.Data];
        CommandAssert.Succeeds([.. train, "--output", output]);
        string classifier = Directory.GetDirectories(output).Single();
        string[] evaluate = ["evaluate", SharedRun.CopyTo(folder.File("run")), "--classifier"];

        JsonElement byRun = CommandAssert.PrintsJson([.. evaluate, classifier]);
        ProgramRun byNumber = ProgramRun.In(folder.Path, AppContext.BaseDirectory, [], [.. evaluate, "1", "--json"]);
        string number = CommandAssert.Json(byNumber).ToString();

        string checkpoint = Path.Combine(classifier, "checkpoints", "last.safetensors");
        Assert.That(byRun.ToString(), Is.EqualTo(CommandAssert.PrintsJson([.. evaluate, checkpoint]).ToString()));
        Assert.That(number, Does.Contain("0001-classifier-s42"));
        CommandAssert.Fails(DataOrFile, [.. evaluate, folder.Path], folder.Path, "not the folder of a run");
    }

    [TestCase("train", "--config")]
    [TestCase("export", "--output")]
    public void Verb_FolderInPlaceOfAFile_SaysSo(string verb, string option)
    {
        using TemporaryFolder folder = new();
        string name = folder.File("model.safetensors");
        Directory.CreateDirectory(name);
        string[] arguments = verb == "train" ? ["train", "--dry-run"] : [verb, SharedRun.Path];

        ProgramRun run = ProgramRun.Of([.. arguments, option, name]);

        Assert.That(run.ExitCode, Is.EqualTo(DataOrFile), run.Error);
        Assert.That(run.Error, Does.Contain(name).And.Contain("folder").And.Not.Contain("denied"));
    }

    [Test]
    public void Verb_NoSuchRun_ListsThoseThatThereAre()
    {
        using TemporaryFolder folder = new();
        RunDirectory.Create(folder.File("runs"), new TrainingSettings());

        ProgramRun run = ProgramRun.In(folder.Path, AppContext.BaseDirectory, [], "info", "99");

        Assert.That(run.Error, Does.Contain("There is no run 99").And.Contain("There are: 0001-somattn-12x12-s42."));
    }

    [Test]
    public void Verb_DataThatWereMoved_NamesTheOption([Values("evaluate", "resume")] string verb)
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string config = Path.Combine(run, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace(SharedRun.Data, "/gone", StringComparison.Ordinal));

        CommandAssert.Fails(DataOrFile, [verb, run, "--accelerator", "cpu"], "/gone", "--data");
    }

    [Test]
    public void Train_ConfigurationWithAMarkAndComments_IsRead([Values] bool isWhole)
    {
        using TemporaryFolder folder = new();
        string own = File.ReadAllText(Path.Combine(SharedRun.Path, "config.json")).TrimStart()[1..];
        string text = "// mine\n{ /* some */ " + (isWhole ? own : "\"settings\": { \"seed\": 7, }, }");
        File.WriteAllBytes(folder.File("c.json"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);

        CommandAssert.Succeeds("train", "--dry-run", "--data", SharedRun.Data, "--config", folder.File("c.json"));

        if (isWhole)
        {
            string run = SharedRun.CopyTo(folder.File("run"));
            File.Copy(folder.File("c.json"), Path.Combine(run, "config.json"), overwrite: true);
            CommandAssert.Succeeds("info", run);
        }
    }

    [Test]
    public void PlainMessage_OfAWrongArgument_HoldsNoNameOfAParameter()
    {
        var range = new ArgumentOutOfRangeException("side", 7, "No such side.");

        Assert.That(PlainMessage.Of(new ArgumentException("Too long.", "groupDim")), Is.EqualTo("Too long."));
        Assert.That(PlainMessage.Of(range), Is.EqualTo("No such side."));
        Assert.That(PlainMessage.Of($"Cannot use a: {range.Message} More."), Is.EqualTo("Cannot use a: No such side. More."));
        using var error = new StringWriter();
        Cli.Execution.ErrorReport.Write(new InvalidOperationException(range.Message), verbose: false, error);
        Assert.That(error.ToString(), Does.StartWith("error: No such side.").And.Not.Contain("Parameter").And.Not.Contain("Actual value"));
    }
}
