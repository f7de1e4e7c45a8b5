using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>config.json round-trips exactly, and other files are refused.</summary>
public sealed class RunConfigTests
{
    internal static readonly RunConfig Config = new()
    {
        Settings = new TrainingSettings
        {
            LearningRate = 0.1 + 0.2,
            Seed = ulong.MaxValue,
            Loss = LossKind.Report,
            Attention = AttentionKind.None,
            SomUpdate = SomUpdateKind.Online,
            Channels = 3,
            Stages = 4,
            Shards = 4,
        },
        Data = "data/fashion-mnist",
        Accelerator = "cpu",
        Threads = 2,
        Version = "0.1.0",
        Commit = null,
        CommandLine = "train --data \"ü & <x>\"",
    };

    [Test]
    public void Load_WhatWasSaved_GivesTheSame()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("config.json"), Config.ToBytes());

        Assert.That(RunConfig.Load(folder.File("config.json")), Is.EqualTo(Config));
        string text = File.ReadAllText(folder.File("config.json"));
        Assert.That(text, Does.Contain("\"som_update\": \"online\"").And.Contain("\"map_height\": 12").And.Contain("ü & <x>"));
        Assert.That(text, Does.Contain("\"learning_rate\": 0.30000000000000004").And.Contain("\"seed\": 18446744073709551615"));
        Assert.That(text, Does.Not.Contain("final_learning_rate"));
    }

    [Test]
    public void Load_FromBeforeLattices_IsARectangle()
    {
        RunConfig rectangle = Config with { Settings = Config.Settings.With(new MapOptions()) };

        string text = Encoding.UTF8.GetString(rectangle.ToBytes());

        Assert.That(text, Does.Not.Contain("map_options"));
        Assert.That(RunConfig.Parse(Encoding.UTF8.GetBytes(text), "a"), Is.EqualTo(rectangle));
        Assert.That(new TrainingSettings().MapOptions?.Lattice, Is.EqualTo(MapLattice.Hexagon));
    }

    [Test]
    public void Load_FromBeforeColorAndStages_IsGrayWithTwo()
    {
        string text = Encoding.UTF8.GetString(Config.ToBytes());
        string older = text.Replace(",\n    \"channels\": 3,\n    \"stages\": 4", "", StringComparison.Ordinal);
        Assert.That(older, Does.Not.Contain("stages").And.Not.Contain("channels"));

        RunConfig config = RunConfig.Parse(Encoding.UTF8.GetBytes(older), "a");

        Assert.That(config, Is.EqualTo(Config with { Settings = Config.Settings with { Channels = 1, Stages = 2 } }));
    }

    [TestCase("\"threads\": 2,", "")]
    [TestCase("\"threads\": 2,", "\"threads\": 2, \"threads\": 2,")]
    [TestCase("\"threads\": 2,", "\"threads\": 2, \"thread\": 2,")]
    [TestCase("\"threads\": 2,", "\"threads\": \"2\",")]
    [TestCase("\"threads\": 2,", "\"threads\": 2.5,")]
    [TestCase("\"accelerator\": \"cpu\"", "\"accelerator\": null")]
    [TestCase("\"accelerator\": \"cpu\"", "\"accelerator\": \"\\ud800\"")]
    [TestCase("\"latent\": 32,", "")]
    [TestCase("\"latent\": 32,", "\"latent\": 99999999999,")]
    [TestCase("\"loss\": \"report\"", "\"loss\": \"Reports\"")]
    [TestCase("\"loss\": \"report\"", "\"loss\": 1")]
    [TestCase("{", "[")]
    public void Load_Changed_Throws(string text, string replacement)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("config.json");
        File.WriteAllBytes(path, Config.ToBytes());
        string content = File.ReadAllText(path);
        Assert.That(content, Does.Contain(text), "the test changes what is there");
        File.WriteAllText(path, content.Replace(text, replacement, StringComparison.Ordinal));

        Assert.That(() => RunConfig.Load(path), Throws.TypeOf<FileException>().With.Message.Contains(path));
    }

    [TestCase("0.1.0", "")]
    [TestCase("9.9.9", " Version 9.9.9 of this program wrote it, and this is 0.1.0.")]
    public void Parse_KeyOfAnotherVersion_SaysWhichWroteIt(string version, string sentence)
    {
        RunConfig config = Config with { Version = version };
        string later = Encoding.UTF8.GetString(config.ToBytes())
            .Replace("\"threads\"", "\"later\": 1, \"threads\"", StringComparison.Ordinal);

        Assert.That(
            () => RunConfig.Parse(Encoding.UTF8.GetBytes(later), "a"),
            Throws.TypeOf<FileException>().With.Message.Contains("later").And.Message.EndsWith(sentence));
    }

    [Test]
    public void Load_AbsentOrHuge_Throws()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("huge.json"), new string(' ', 100_000));

        Assert.That(() => RunConfig.Load(folder.File("absent.json")), Throws.TypeOf<FileException>());
        Assert.That(() => RunConfig.Load(folder.File("huge.json")), Throws.TypeOf<FileException>().With.Message.Contains("longer"));
    }
}
