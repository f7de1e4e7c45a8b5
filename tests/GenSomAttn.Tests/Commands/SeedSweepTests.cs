using System.Globalization;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>train --seeds: a training for each seed, and a table of their scores.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SeedSweepTests
{
    private const int Usage = 2;

    [Test]
    public void Train_TwoSeeds_AreThoseTrainingsWithATableAndAreNotTrainedTwice()
    {
        using TemporaryFolder folder = new();
        string[] sweep = SharedRun.TrainFor(1, folder.File("runs"), "--seeds", "3,5");
        CommandAssert.Succeeds(sweep);
        CommandAssert.Succeeds(SharedRun.TrainFor(1, folder.File("alone"), "--seed", "5"));
        string[] runs = [.. Directory.GetDirectories(folder.File("runs")).Order(StringComparer.Ordinal)];
        string alone = Directory.GetDirectories(folder.File("alone")).Single();
        byte[] Checkpoint(string run) => File.ReadAllBytes(Path.Combine(run, "checkpoints", "last.safetensors"));
        string[][] table = [.. File.ReadAllLines(folder.File("runs/seeds.csv")).Select(line => line.Split(','))];

        Assert.That(runs.Select(Path.GetFileName), Is.EqualTo((string[])["0001-somattn-3x4-s3", "0002-somattn-3x4-s5"]));
        Assert.That(Checkpoint(runs[1]), Is.EqualTo(Checkpoint(alone)), "the same training as with --seed alone");
        Assert.That(File.Exists(Path.Combine(runs[0], "atlas.html")));
        Assert.That(table.Skip(1).Select(row => row[0].Trim('"')), Is.EqualTo((string[])["seed 3", "seed 5", "2 seeds"]));
        double[] errors = [.. table.Skip(1).Select(row => double.Parse(row[IndexOf("mse_e")], CultureInfo.InvariantCulture))];
        Assert.That(errors[2], Is.EqualTo((errors[0] + errors[1]) / 2).Within(1e-12));

        File.Delete(folder.File("runs/seeds.csv"));
        Directory.Delete(runs[0], recursive: true);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.File("runs/0000-broken")).FullName, "config.json"), "{");
        string error = CommandAssert.Succeeds(sweep).Error;
        Assert.That(error.Split("before training").Length - 1, Is.EqualTo(1), "one training is left");
        Assert.That(error, Does.Contain("0000-broken"));
        Assert.That(File.ReadAllLines(folder.File("runs/seeds.csv")), Has.Length.EqualTo(4));

        int IndexOf(string score) => Array.FindIndex(table[0], cell => cell.StartsWith(score, StringComparison.Ordinal));
    }

    [TestCase("--seed 2", "--seed is for one training")]
    [TestCase("--dry-run", "--dry-run is for one training")]
    public void Train_SeveralSeedsWithAnOptionOfOneTraining_IsRefused(string option, string message)
    {
        using TemporaryFolder folder = new();
        CommandAssert.Fails(Usage, SharedRun.TrainFor(1, folder.File("runs"), ["--seeds", "2", .. option.Split(' ')]), message);
        Assert.That(Directory.Exists(folder.File("runs")), Is.False);
    }
}
