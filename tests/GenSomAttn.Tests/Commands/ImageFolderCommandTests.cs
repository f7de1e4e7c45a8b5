using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The verbs on an image folder: training, resume, evaluation and repetition with the same options.</summary>
public sealed class ImageFolderCommandTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;

    [Test]
    public void Train_ThenResumeEvaluateAndTrainByItsConfig_ReadTheSameImages()
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        PictureFolder.WriteQuarters(data, 20);
        PictureFolder.Write(data, "upper left/broken.png", [1]);

        ProgramRun train = CommandAssert.Succeeds(Train(data, folder.File("runs"), "--image-size", "12", "--skip-broken"));

        string run = folder.File("runs/0001-somattn-3x4-s42");
        byte[] last = TrainTests.LastCheckpoint(run);
        string[] notes = [.. train.Error.Split('\n').Where(line => line.StartsWith("note: ", StringComparison.Ordinal))];
        Assert.That(notes, Has.Length.EqualTo(3));
        Assert.That(notes[0], Does.Contain(data).And.Contain("of 80 pictures are the test set"));
        Assert.That(notes[1], Does.Contain("have the same pixels as another one"));
        Assert.That(notes[2], Does.Contain("1 of 81 pictures cannot be used").And.Contain("upper left/broken.png"));

        string checkpoints = Path.Combine(run, "checkpoints");
        File.Copy(Path.Combine(checkpoints, "previous.safetensors"), Path.Combine(checkpoints, "last.safetensors"), overwrite: true);
        CommandAssert.Succeeds("resume", run);
        Assert.That(TrainTests.LastCheckpoint(run), Is.EqualTo(last));

        CommandAssert.Succeeds("train", "--config", Path.Combine(run, "config.json"), "--output", folder.File("again"));
        Assert.That(TrainTests.LastCheckpoint(folder.File("again/0001-somattn-3x4-s42")), Is.EqualTo(last));

        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", run, "--json");
        Assert.That(evaluate.Error, Does.Not.Contain("is not the data set"));
        Assert.That(CommandAssert.Json(evaluate).GetProperty("purity").GetDouble(), Is.Positive);
    }

    [Test]
    public void Evaluate_FolderForARunOfFiles_IsReadInTheSizeOfItsModel()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteQuarters(folder.Path, 10);

        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", SharedRun.Path, "--data", folder.Path, "--json");

        Assert.That(evaluate.Error, Does.Contain("is not the data set"));
    }

    [Test]
    public void Train_BrokenPicture_NamesItAndTheWayOut()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteQuarters(folder.Path, 10);
        string broken = PictureFolder.Write(folder.Path, "lower left/x.jpg", [0xFF, 0xD8, 0xFF]);

        CommandAssert.Fails(DataOrFile, Train(folder.Path, folder.File("runs")), broken, "--skip-broken");
    }

    /// <summary>The remedy that an error names must exist.</summary>
    [Test]
    public void Verb_BrokenPicture_IsLeftOutAsItsErrorAdvises(
        [Values("train", "evaluate", "map", "locate", "explore", "generate", "compare", "bench")] string verb)
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteQuarters(folder.Path, 10);
        string broken = PictureFolder.Write(folder.Path, "lower left/x.jpg", [0xFF, 0xD8, 0xFF]);
        string[] arguments = verb switch
        {
            "train" => ["train", "--dry-run"],
            "evaluate" => ["evaluate", SharedRun.Path],
            "compare" => ["compare", "--epochs", "1", "--limit", "8", "--seeds", "1", "--output", folder.File("compare")],
            "bench" => ["bench", "--only", "step", "--steps", "1"],
            "map" => ["map", SharedRun.Path, "--output", folder.File("map")],
            "locate" => ["locate", SharedRun.Path, "--output", folder.File("places.csv")],
            "explore" => ["explore", SharedRun.Path, "--output", folder.File("atlas.html")],
            _ => ["generate", SharedRun.Path, "--output", folder.File("new.png")],
        };

        ProgramRun refused = ProgramRun.Of([.. arguments, "--data", folder.Path]);

        Assert.That(refused.ExitCode, Is.EqualTo(DataOrFile), refused.Error);
        Assert.That(refused.Error, Does.Contain(broken).And.Contain("--skip-broken"));
        if (verb is "compare" or "bench")
        {
            Assert.That(CommandAssert.Succeeds(verb, "--help-all").Output, Does.Contain("--skip-broken"));
            return;
        }

        ProgramRun done = CommandAssert.Succeeds([.. arguments, "--data", folder.Path, "--skip-broken"]);
        Assert.That(done.Error, Does.Contain("1 of 41 pictures cannot be used"));
    }

    [Test]
    public void Resume_BrokenPicture_IsNotToldOfAnOptionThatItLacks()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WriteQuarters(folder.File("data"), 10);
        PictureFolder.Write(folder.File("data"), "lower left/x.jpg", [0xFF, 0xD8, 0xFF]);
        string run = SharedRun.CopyTo(folder.File("run"));

        ProgramRun resume = ProgramRun.Of("resume", run, "--data", folder.File("data"));

        Assert.That(resume.ExitCode, Is.EqualTo(DataOrFile));
        Assert.That(resume.Error, Does.Contain("x.jpg").And.Not.Contain("--skip-broken"));
    }

    [Test]
    public void Train_ImageSizeForFiles_IsRefusedUnlessItIsTheirs()
    {
        string[] train = ["train", "--data", SharedRun.Data, "--dry-run", "--image-size"];
        CommandAssert.Fails(Usage, [.. train, "12"], "--image-size 12", "side 8");
        CommandAssert.Fails(Usage, [.. train, "6"], "--image-size 6", "from 4 to 512");
        CommandAssert.Succeeds([.. train, "8"]);
    }

    private static string[] Train(string data, string output, params string[] more) =>
    [
        .. "train --epochs 2 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --data".Split(' '), data, "--output", output, .. more,
    ];
}
