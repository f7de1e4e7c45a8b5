using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>A file with some keys of config.json changes only these.</summary>
public sealed class PartialConfigTests
{
    private static readonly RunConfig Defaults = new()
    {
        Settings = new TrainingSettings { Limit = 7 },
        Data = "data",
        Accelerator = "auto",
        Threads = 0,
        Version = "0.1.0",
        Commit = null,
        CommandLine = "train",
    };

    [Test]
    public void Apply_SomeKeys_ChangesThem()
    {
        RunConfig config = Apply("""{"threads":3,"commit":"abc","settings":{"epochs":5,"limit":null,"loss":"report"}}""");

        TrainingSettings settings = Defaults.Settings with { Epochs = 5, Limit = null, Loss = LossKind.Report };
        Assert.That(config, Is.EqualTo(Defaults with { Threads = 3, Commit = "abc", Settings = settings }));
        Assert.That(Apply("{}"), Is.EqualTo(Defaults));
    }

    [Test]
    public void Apply_KeysThatFilesHaveOnlyWhereTheyAreNotTheDefaults_ChangesThem()
    {
        RunConfig config = Apply("""{"preset":"map","settings":{"validate":5,"eval_every":2,"shards":4}}""");

        TrainingSettings settings = Defaults.Settings with { ValidationImages = 5, EvalEvery = 2, Shards = 4 };
        Assert.That(config, Is.EqualTo(Defaults with { Preset = Preset.Map, Settings = settings }));
    }

    /// <summary>In the whole file of a run, no key for the lattice is that of runs from before it was a setting.</summary>
    [Test]
    public void Apply_TheFileOfARunOnARectangle_IsARectangle()
    {
        RunConfig rectangle = Defaults with { Settings = Defaults.Settings.With(new MapOptions()) };

        Assert.That(Apply(Encoding.UTF8.GetString(rectangle.ToBytes())), Is.EqualTo(rectangle));
        Assert.That(Apply(Encoding.UTF8.GetString(Defaults.ToBytes())), Is.EqualTo(Defaults));
        Assert.That(
            Apply("""{"settings":{"map_options":{"lattice":"rectangle"}}}""").Settings, Is.EqualTo(rectangle.Settings));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{\"threads\":3")]
    [TestCase("{\"threads\":3,\"threads\":3}")]
    [TestCase("{\"settings\":{\"epochs\":3,\"epochs\":3}}")]
    [TestCase("{\"settings\":{\"epoch\":3}}")]
    [TestCase("{\"settings\":null}")]
    [TestCase("{\"settings\":[]}")]
    [TestCase("{\"thread\":3}")]
    [TestCase("{\"threads\":\"3\"}")]
    [TestCase("{\"threads\":3.5}")]
    [TestCase("{\"data\":null}")]
    [TestCase("{\"data\":\"\\ud800\"}")]
    [TestCase("{\"\\ud800\":1}")]
    [TestCase("{\"settings\":{\"final_learning_rate\":0.1}}")]
    public void Apply_AnythingElse_NamesTheFile(string json)
    {
        Assert.That(() => Apply(json), Throws.TypeOf<FileException>().With.Message.Contains("config.json"));
    }

    private static RunConfig Apply(string json)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), json);
        return PartialConfig.Apply(Defaults, folder.File("config.json")).Config;
    }
}
