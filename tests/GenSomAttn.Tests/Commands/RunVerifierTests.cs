using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Verification detects a changed byte in any file of a run.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RunVerifierTests
{
    [Test]
    public void Verify_RunAsItWasTrained_FindsEveryFileIntact()
    {
        IReadOnlyList<VerifiedFile> files = RunVerifier.Verify(RunDirectory.Open(SharedRun.Path));

        string[] names = [.. Directory.GetFiles(SharedRun.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(SharedRun.Path, path)).Order(StringComparer.Ordinal)];
        Assert.That(files.Select(file => file.File), Is.EqualTo(names));
        Assert.That(files, Has.All.Property(nameof(VerifiedFile.Verdict)).EqualTo(FileVerdict.Intact));
    }

    [Test]
    public void Verify_AnyByteOfAnyFileChangedOrCut_FindsIt()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Open(SharedRun.CopyTo(folder.File("run")));
        foreach (string path in Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(path);

            // Some 40 places in each file, the first and the last byte among them; small files byte by byte.
            int stride = Math.Max(1, bytes.Length / 40);
            for (int position = 0; position < bytes.Length; position += stride)
            {
                byte[] changed = [.. bytes];
                changed[^(position + 1)] ^= 0x20;
                AssertFound(run, path, changed, $"byte {bytes.Length - position - 1} of {path}");
            }

            AssertFound(run, path, bytes[..^1], $"the end of {path}");
            AssertFound(run, path, [.. bytes, (byte)'\n'], $"one byte more in {path}");
            File.WriteAllBytes(path, bytes);
        }

        Assert.That(RunVerifier.Verify(run), Has.All.Property(nameof(VerifiedFile.Verdict)).EqualTo(FileVerdict.Intact));
    }

    [Test]
    public void Verify_AnyFileGone_FindsItUnlessItNeedNotBeThere()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Open(SharedRun.CopyTo(folder.File("run")));
        foreach (string path in Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = File.ReadAllBytes(path);
            File.Delete(path);

            // A run has no previous checkpoint at first, and what is drawn of the newest epoch comes after everything else.
            bool mayBeAbsent = path == run.PreviousCheckpoint || path == run.CurvesPath || path == run.AtlasPath
                || path.EndsWith("_002.png", StringComparison.Ordinal) || path.EndsWith("latest.png", StringComparison.Ordinal)
                || path == run.MapPath(0) || path == run.MapPath(2);
            Assert.That(Damaged(run).Any(), Is.Not.EqualTo(mayBeAbsent), path);
            File.WriteAllBytes(path, bytes);
        }
    }

    [Test]
    public void Verify_WriterWasKilled_TellsItFromDamage()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Open(SharedRun.CopyTo(folder.File("run")));
        string[] table = File.ReadAllLines(run.Metrics.CsvPath);
        File.WriteAllText(run.Metrics.CsvPath, string.Concat(table.SkipLast(2).Select(line => line + "\n")));
        File.WriteAllText(Path.Combine(run.Path, "checkpoints", "last.safetensors.7.tmp"), "half");
        File.WriteAllText(Path.Combine(run.Path, "training.lock"), "");

        IReadOnlyList<VerifiedFile> files = RunVerifier.Verify(run);

        Assert.That(files.Single(file => file.File == "metrics.csv").Note, Does.Contain("2 epochs behind"));
        string[] notes = [.. files.Where(file => file.Verdict != FileVerdict.Intact).Select(file => file.Note)];
        Assert.That(notes, Has.Length.EqualTo(2).And.All.Contains("killed"));
        Assert.That(Damaged(run), Is.Empty);
    }

    [Test]
    public void Verify_StoppedBeforeTheFirstScores_IsNoDamage()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Open(SharedRun.CopyTo(folder.File("run")));
        File.Delete(run.Metrics.JsonPath);
        File.Delete(run.Metrics.CsvPath);
        Assert.That(Damaged(run).Select(file => file.File), Is.EqualTo(["metrics.jsonl"]), "its checkpoint is of an epoch that has scores");

        Checkpoint last = CheckpointFile.Load(run.LastCheckpoint);
        File.WriteAllBytes(run.LastCheckpoint, CheckpointFile.ToBytes(last with { Step = 0, Epoch = 0, LossSum = 0 }));
        Assert.That(Damaged(run), Is.Empty);
    }

    private static void AssertFound(RunDirectory run, string path, byte[] content, string what)
    {
        File.WriteAllBytes(path, content);
        Assert.That(Damaged(run), Is.Not.Empty, what);
    }

    private static IEnumerable<VerifiedFile> Damaged(RunDirectory run) =>
        RunVerifier.Verify(run).Where(file => file.Verdict == FileVerdict.Damaged);
}
