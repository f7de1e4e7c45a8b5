using System.Security.Cryptography;
using System.Text.Json;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Trainings that start from the parameters of a run.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class InitTests : IDisposable
{
    private const int Usage = 2, DataOrFile = 3;
    private readonly TemporaryFolder _folder = new();

    private static string Start => Path.Combine(SharedRun.Path, "checkpoints", "last.safetensors");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Train_InitOfARun_StartsFromItsParametersAndRecordsIt()
    {
        // Nothing but the run says how large its parameters are, and which images they are for.
        string[] train = ["train", "--init", SharedRun.Path, "--epochs", "1", "--learning-rate", "0.001", "--accelerator", "cpu"];
        CommandAssert.Succeeds([.. train, "--output", _folder.File("runs")]);
        string run = Directory.GetDirectories(_folder.File("runs")).Single();

        RunConfig config = RunConfig.Load(Path.Combine(run, "config.json"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Start)));
        Assert.That(config.Init, Is.EqualTo(new ParameterSource(Start, hash)));
        Assert.That((config.Settings.Latent, config.Settings.MapHeight, config.Settings.MapWidth), Is.EqualTo((8, 3, 4)));
        Assert.That((config.Settings.LearningRate, config.Settings.BatchSize, config.Settings.Epochs), Is.EqualTo((0.001, 16, 1)));
        Assert.That(config.Data.All, Is.EqualTo(new[] { SharedRun.Data }));

        // Before the first step the scores are those at the end of the other run.
        string Row(string path, int epoch) => File.ReadLines(Path.Combine(path, "metrics.jsonl")).ElementAt(epoch);
        double MseQ(string row) => JsonDocument.Parse(row).RootElement.GetProperty("mse_q").GetDouble();
        Assert.That(MseQ(Row(run, 0)), Is.EqualTo(MseQ(Row(SharedRun.Path, 2))));
        Assert.That(MseQ(Row(run, 1)), Is.Not.EqualTo(MseQ(Row(run, 0))));

        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
        Assert.That(CommandAssert.Succeeds("info", run, "--verify").Output, Does.EndWith("0 damaged, 0 not checked\n"));
        AssertRepeats(run);
        AssertOtherStartIsNamed(run);
    }

    [TestCase("--latent 16", "--latent 16 does not fit", "it is 8")]
    [TestCase("--map 4x4", "--map 4x4 does not fit", "it is 3x4")]
    [TestCase("--attention none", "--attention none does not fit", "it is latent")]
    [TestCase("--stages 3", "--stages 3 does not fit", "it is 2")]
    [TestCase("--model vae", "--model vae does not fit", "it is somattn")]
    public void Train_OtherSizesThanTheRun_NamesBothValues(string options, params string[] words)
        => CommandAssert.Fails(Usage, ["train", "--init", SharedRun.Path, .. options.Split(' ')], [.. words, "last.safetensors"]);

    [Test]
    public void Train_OtherImagesThanTheRun_NamesBothShapes()
    {
        Directory.CreateDirectory(_folder.File("data"));
        IdxSet.Write(_folder.File("data"), 20, 10, 12);

        ProgramRun run = ProgramRun.Of("train", "--init", SharedRun.Path, "--data", _folder.File("data"), "--accelerator", "cpu");

        Assert.That(run.ExitCode, Is.EqualTo(DataOrFile), run.Error);
        Assert.That(run.Error, Does.Contain("12 x 12, gray").And.Contain("8 x 8, gray"));
    }

    [TestCase("rnadom", Usage, "random, sample, pca, or a run")]
    [TestCase("987654", DataOrFile, "There is no run 987654")]
    public void Train_InitOfNothing_SaysSo(string init, int code, string words)
        => CommandAssert.Fails(code, ["train", "--init", init, "--data", SharedRun.Data], words);

    [Test]
    public void Bench_InitOfARun_IsRefused() => CommandAssert.Fails(Usage, ["bench", "--init", SharedRun.Path], "--init", "speed");

    [Test]
    public void Resume_OtherEpochs_ExplainsAndPointsToInit()
    {
        CommandAssert.Fails(Usage, ["resume", SharedRun.Path, "--epochs", "30"], "schedules", $"train --init {SharedRun.Path} --epochs 28");
        CommandAssert.Succeeds("resume", SharedRun.CopyTo(_folder.File("finished")), "--epochs", "2");
    }

    [Test]
    public void Apply_KeysThatAreNotAlwaysThere_AreKnown()
    {
        RunConfig config = RunConfig.Load(Path.Combine(SharedRun.Path, "config.json"));
        string json = """{"init":{"checkpoint":"a","sha256":"b"},"settings":{"map_options":{"torus":true}}}""";

        RunConfig applied = PartialConfig.Apply(config, System.Text.Encoding.UTF8.GetBytes(json), "config.json");

        Assert.That(applied.Init, Is.EqualTo(new ParameterSource("a", "b")));
        Assert.That(applied.Settings.MapOptions?.Torus, Is.True);
        Assert.That(PartialConfig.Apply(config, "{}"u8, "config.json"), Is.EqualTo(config));
    }

    /// <summary>Asserts that the configuration alone starts from the same parameters.</summary>
    private void AssertRepeats(string run)
    {
        CommandAssert.Succeeds("train", "--config", Path.Combine(run, "config.json"), "--output", _folder.File("again"));
        string again = Directory.GetDirectories(_folder.File("again")).Single();

        Assert.That(
            File.ReadAllBytes(Path.Combine(again, "checkpoints", "last.safetensors")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(run, "checkpoints", "last.safetensors"))));
    }

    private static void AssertOtherStartIsNamed(string run)
    {
        string path = Path.Combine(run, "config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Start))), new string('0', 64), StringComparison.Ordinal));
        CommandAssert.Fails(DataOrFile, ["reproduce", run, "--accelerator", "cpu"], "is not the file", new string('0', 64));
    }
}
