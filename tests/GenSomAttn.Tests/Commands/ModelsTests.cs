using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The other models on the command line: their files, their empty scores, and the options that do not apply to them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ModelsTests
{
    private const int Usage = 2;

    [Test]
    public void Vae_TrainEvaluateGenerate_HaveNoMap()
    {
        using TemporaryFolder folder = new();
        string run = Train(folder, "vae", "--decoder-variance", "0.1", "--beta", "2");

        Assert.That(Path.GetFileName(run), Is.EqualTo("0001-vae-s42"));
        Assert.That(File.ReadLines(Path.Combine(run, "metrics.csv")).Last(), Does.Match("^2,0[.][0-9]+,,,,,,,,,[0-9.E-]+,0[.]"));
        CommandAssert.IsPicture(Path.Combine(run, "samples", "epoch_002.png"));
        Assert.That(File.Exists(Path.Combine(run, "samples", "map_002.png")), Is.False);
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(scores.GetProperty("mse_e").GetDouble(), Is.InRange(1e-4, 0.5));
        Assert.That(scores.GetProperty("mse_z").GetDouble(), Is.InRange(1e-4, 0.5));
        Assert.That(scores.GetProperty("mse_q").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(scores.GetProperty("purity").ValueKind, Is.EqualTo(JsonValueKind.Null));
        JsonElement made = CommandAssert.PrintsJson("generate", run, "--count", "4", "--seed", "1", "--output", folder.File("new.png"));
        Assert.That(made.GetProperty("sampler").GetString(), Is.EqualTo("prior"));
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);
        CommandAssert.Fails(Usage, ["map", run], "vae", "no map");
        CommandAssert.Fails(Usage, ["locate", run], "vae", "no map");
        CommandAssert.Fails(Usage, ["explore", run], "vae", "no map");
        CommandAssert.Fails(Usage, ["generate", run, "--sampler", "density"], "density", "prior");
        CommandAssert.Fails(Usage, ["generate", run, "--unit", "0,0"], "--unit", "prior");
    }

    [Test]
    public void Classifier_TrainEvaluate_TellsTheShareOfHits()
    {
        using TemporaryFolder folder = new();
        string run = Train(folder, "classifier");

        Assert.That(File.ReadLines(Path.Combine(run, "metrics.csv")).First(), Does.EndWith(",loss,accuracy,seconds,images_per_second"));
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run);
        Assert.That(scores.GetProperty("accuracy").GetDouble(), Is.InRange(0, 1));
        Assert.That(scores.GetProperty("mse_e").ValueKind, Is.EqualTo(JsonValueKind.Null));
        CommandAssert.Fails(Usage, ["generate", run], "classifier", "makes no images");
    }

    [Test]
    public void Autoencoder_Generate_DrawsFromAMixture()
    {
        using TemporaryFolder folder = new();
        string run = Train(folder, "ae");
        string[] generate = ["generate", run, "--count", "3", "--output", folder.File("new.png")];

        Assert.That(CommandAssert.PrintsJson([.. generate, "--seed", "1"]).GetProperty("sampler").GetString(), Is.EqualTo("mixture"));
        byte[] first = File.ReadAllBytes(folder.File("new.png"));
        CommandAssert.Succeeds([.. generate, "--seed", "1"]);
        Assert.That(File.ReadAllBytes(folder.File("new.png")), Is.EqualTo(first));
        CommandAssert.Succeeds([.. generate, "--seed", "2"]);
        Assert.That(File.ReadAllBytes(folder.File("new.png")), Is.Not.EqualTo(first));
    }

    [TestCase("vae", "--attention none", "--attention")]
    [TestCase("ae", "--map 3x3", "--map")]
    [TestCase("somattn", "--beta 2", "--beta", "vae")]
    [TestCase("gan", "--epochs 1", "somattn", "classifier")]
    public void Train_OptionOfAnotherModel_IsRefused(string model, string options, params string[] words) =>
        CommandAssert.Fails(Usage, ["train", "--data", SharedRun.Data, "--model", model, .. options.Split(' ')], words);

    private static string Train(TemporaryFolder folder, string model, params string[] more)
    {
        string[] train = ["train", "--model", model, "--epochs", "2", "--batch-size", "16", "--accelerator", "cpu"];
        CommandAssert.Succeeds([.. train, "--data", SharedRun.Data, "--output", folder.File("runs"), .. more]);
        return Directory.GetDirectories(folder.File("runs")).Single();
    }
}
