using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>One small data set and one run trained on it, shared by all tests of commands.</summary>
[SetUpFixture]
public sealed class SharedRun
{
    private static readonly TemporaryFolder Folder = new();

    /// <summary>40 training and 12 test images of 8 x 8 pixels, in four classes.</summary>
    public static string Data => Folder.File("data");

    /// <summary>The run: two epochs of three steps, the last with 8 images, on a map of 3 x 4.</summary>
    public static string Path { get; private set; } = "";

    /// <summary>Output of the training of the run.</summary>
    internal static ProgramRun Training { get; private set; } = new(-1, "", "");

    [OneTimeSetUp]
    public static void TrainOnce()
    {
        Directory.CreateDirectory(Data);
        TinyData.Write(Data, 40, 12, 8);
        string output = Folder.File("runs");
        Training = ProgramRun.Of(Train(output, "--json"));
        Assert.That(Training.ExitCode, Is.Zero, Training.Error);
        Path = Directory.GetDirectories(output).Single();
    }

    [OneTimeTearDown]
    public static void DeleteAll() => Folder.Dispose();

    /// <summary>Returns the arguments of such a training into this folder, with further arguments.</summary>
    internal static string[] Train(string output, params string[] more) => TrainFor(2, output, more);

    /// <summary>Returns the arguments with another number of epochs.</summary>
    internal static string[] TrainFor(int epochs, string output, params string[] more) =>
    [
        .. $"train --epochs {epochs} --map 3x4 --latent 8 --batch-size 16 --accelerator cpu".Split(' '),
        "--data", Data, "--output", output, .. more,
    ];

    /// <summary>Copies the run for tests that damage it; without scores and distances, which other tests may be writing.</summary>
    internal static string CopyTo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            string name = System.IO.Path.GetFileName(file);
            if (name.StartsWith("scores.json", StringComparison.Ordinal) || name.StartsWith("distances.", StringComparison.Ordinal))
            {
                continue;
            }

            string copy = System.IO.Path.Combine(folder, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }
}
