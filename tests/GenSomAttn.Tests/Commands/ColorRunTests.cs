using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The commands on a run of color images.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ColorRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private RunDirectory _run = null!;

    [OneTimeSetUp]
    public void Train()
    {
        TrainingSettings settings = new() { Epochs = 2, BatchSize = 8, Latent = 8, MapHeight = 2, MapWidth = 3 };
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, settings, TinyData.LoadColor(20, 4, 8));
        trainer.Run(new TrainingLog(), default);
        _run = RunDirectory.Create(_folder.Path, trainer.Model.Settings);
        _run.SaveConfig(new RunConfig
        {
            Settings = trainer.Model.Settings,
            Data = SharedRun.Data,
            Accelerator = "cpu",
            Threads = 1,
            Version = "",
            Commit = null,
            CommandLine = "",
        });
        _run.SaveCheckpoint(trainer.ToCheckpoint());
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Generate_Separate_WritesColorPictures()
    {
        string output = _folder.File("new.png");

        CommandAssert.Succeeds(
            "generate", _run.Path, "--sampler", "isotropic", "--count", "3", "--seed", "1", "--separate", "--output", output);

        foreach (int n in Enumerable.Range(0, 3))
        {
            DecodedPicture picture = PictureFile.Decode(File.ReadAllBytes(_folder.File($"new/{n:0000}.png")));
            Assert.That((picture.Width, picture.Height, picture.Channels), Is.EqualTo((8, 8, 3)));
        }
    }

    [Test]
    public void Info_Json_HasChannelsAndStages()
    {
        JsonElement settings = CommandAssert.PrintsJson("info", _run.Path).GetProperty("config").GetProperty("settings");

        Assert.That(settings.GetProperty("channels").GetInt32(), Is.EqualTo(ImageShape.Color));
        Assert.That(settings.GetProperty("stages").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public void Export_Parameters_RestoreTheColorModel()
    {
        string output = _folder.File("model.safetensors");

        CommandAssert.Succeeds("export", _run.Path, "--output", output);

        Checkpoint exported = CheckpointFile.Load(output);
        Assert.That(exported.Shape, Is.EqualTo(new ImageShape(8, ImageShape.Color)));
        Assert.That(exported.Tensors.Single(tensor => tensor.Name == "encoder.conv1.weight").Shape, Is.EqualTo((int[])[32, 3, 3, 3]));
    }

    [Test]
    public void Evaluate_GrayRunWithAColorClassifier_SaysWhyNothingIsScored()
    {
        string classifier = _folder.File("classifier.safetensors");
        TrainingSettings settings = new() { Model = ModelKind.Classifier, Epochs = 1, BatchSize = 8 };
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, settings, TinyData.LoadColor(20, 4, 8));
        File.WriteAllBytes(classifier, CheckpointFile.ToBytes(trainer.ToCheckpoint()));

        JsonElement scores = CommandAssert.PrintsJson("evaluate", SharedRun.Path, "--classifier", classifier, "--samples", "10");

        Assert.That(
            scores.GetProperty("not_scored").GetString(),
            Does.Contain("takes images of 8 x 8, color, and these are 8 x 8, gray").And.Contain("train --model classifier"));
    }

    [Test]
    public void Evaluate_OnGrayImages_IsRefused()
    {
        const int DataOrFile = 3;
        CommandAssert.Fails(DataOrFile, ["evaluate", _run.Path, "--data", SharedRun.Data], "8 x 8, gray", "8 x 8, color");
    }
}
