using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The verbs on MNIST's family of files.</summary>
public sealed class SetFilesCommandTests
{
    private const int DataOrFile = 3;

    [Test]
    public void Train_ArchiveAndFlip_IsReadAgainByResumeAndEvaluate()
    {
        using TemporaryFolder folder = new();
        string data = folder.File("set.npz");
        File.WriteAllBytes(data, NumpyBytes.Npz(
            ("images", NumpyBytes.Of(IdxSet.Images(80, 10, 9)[16..], 80, 10, 9)), ("labels", NumpyBytes.Of(IdxSet.Labels(80)[8..], 80))));

        ProgramRun train = CommandAssert.Succeeds(
        [
            .. "train --epochs 1 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --flip --data".Split(' '), data,
            "--output", folder.File("runs"),
        ]);

        Assert.That(train.Error, Does.Contain($"note: {data}: images of 9 x 10 are laid"));
        string run = folder.File("runs/0001-somattn-3x4-s42");
        Assert.That(File.ReadAllText(Path.Combine(run, "config.json")), Does.Contain("\"flip\": true"));
        ProgramRun evaluate = CommandAssert.Succeeds("evaluate", run, "--json");
        Assert.That(evaluate.Error, Does.Not.Contain("is not the data set"));
    }

    [Test]
    public void Train_HtmlInAGzipName_EndsWithTheCodeOfData()
    {
        using TemporaryFolder folder = new();
        foreach (string name in IdxSet.Names)
        {
            File.WriteAllText(folder.File(name + ".gz"), "<!DOCTYPE html><html>503</html>");
        }

        CommandAssert.Fails(DataOrFile, ["train", "--dry-run", "--data", folder.Path], "HTML page", "download it again");
    }

    [TestCase(-1)]
    [TestCase(100)]
    public void Train_FileOfTheImagesIsChangedMeanwhile_NamesItAndKeepsTheRun(int more)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("data"));
        IdxSet.Write(folder.File("data"), 80, 10, 8, packed: false);
        using RunningProgram training = RunningProgram.Start(
        [
            .. "train --epochs 100000 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu --data".Split(' '), folder.File("data"),
            "--output", folder.File("runs"),
        ]);
        string run = training.WaitFor("run directory: ");
        training.WaitFor("epoch 1/");

        string images = folder.File("data/train-images-idx3-ubyte");
        using (var file = new FileStream(images, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length + more);
        }

        (int exitCode, string error) = training.End();
        Assert.That(exitCode, Is.EqualTo(DataOrFile), error);
        Assert.That(error, Does.Contain(images).And.Contain("was changed while it was in use"));
        Assert.That(CommandAssert.PrintsJson("info", run, "--verify").GetProperty("intact").GetBoolean(), Is.True);
    }
}
