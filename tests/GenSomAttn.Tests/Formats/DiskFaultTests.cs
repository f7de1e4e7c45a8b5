using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>
/// After any fault at any operation of a save, a valid file exists: SQLite's method (sqlite.org/testing.html, "I/O error testing" and
/// "crash testing"), with a disk that fails at operation 0, 1, 2, ...
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class DiskFaultTests
{
    private static readonly TrainingSettings Settings = new() { MapHeight = 3, MapWidth = 2 };

    [Test]
    public void SaveCheckpoint_NothingFails_FlushesBeforeItRenames()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new(-1, DiskFault.Error);
        var run = RunDirectory.Create(folder.File("runs"), Settings, new AtomicFiles(disk));

        run.SaveCheckpoint(TinyCheckpoint.Make(1));

        string temporary = $"last.safetensors.{Environment.ProcessId}.tmp";
        Assert.That(disk.Log, Is.EqualTo((string[])
        [
            $"Create {temporary}", $"Write {temporary}", $"Flush {temporary}", $"OpenRead {temporary}", "Rename last.safetensors",
            "FlushFolder checkpoints",
        ]));
    }

    [Test]
    public void SaveCheckpoint_AnyOperationFails_LeavesAValidCheckpoint([Values] DiskFault fault)
    {
        const int MaxOperations = 100;
        for (int operation = 0; operation < MaxOperations; operation++)
        {
            using TemporaryFolder folder = new();
            FaultyDisk disk = new(operation, fault);
            (RunDirectory run, int saved) = SaveThree(folder, disk);
            if (disk.Log.Count <= operation)
            {
                // 6 operations for the first file, then 1 to read it and 12 for two files, twice; the next fault index is beyond the last
                // operation.
                Assert.That(operation, Is.EqualTo(32));
                Report($"checkpoints, {fault}", operation);
                return;
            }

            string what = $"{fault} at operation {operation}: {disk.Log[operation]}";
            AssertRecovers(run, saved, what);
        }

        Assert.Fail("The save has no end.");
    }

    [Test]
    public void Append_AnyOperationFails_LeavesWholeRowsAndWritesThemLater([Values] DiskFault fault)
    {
        const int MaxOperations = 100;
        for (int operation = 0; operation < MaxOperations; operation++)
        {
            using TemporaryFolder folder = new();
            FaultyDisk disk = new(operation, fault);
            MetricsLog log = new(new AtomicFiles(disk), folder.File("metrics.jsonl"), folder.File("metrics.csv"));
            int whole = 0;
            bool isDead = false;
            for (int epoch = 0; epoch < 3 && !isDead; epoch++)
            {
                try
                {
                    log.Append(MetricsLogTests.Row(epoch));
                    whole = epoch + 1;
                }
                catch (FileException)
                {
                }
                catch (KilledException)
                {
                    isDead = true;
                }
            }

            MetricsLog again = new(AtomicFiles.OnDisk, folder.File("metrics.jsonl"), folder.File("metrics.csv"));
            Assert.That(again.Read().Select(row => row.Epoch), Is.EqualTo(Enumerable.Range(0, again.Read().Count)));
            Assert.That(again.Read(), Has.Count.GreaterThanOrEqualTo(whole), $"{fault} at operation {operation}");
            if (!isDead && disk.Log.Count > operation)
            {
                log.Save();
                Assert.That(again.Read(), Has.Count.EqualTo(3), "a row that could not be written is written later");
                Assert.That(File.ReadAllLines(folder.File("metrics.csv")), Has.Length.EqualTo(4));
            }

            if (disk.Log.Count <= operation)
            {
                Report($"scores, {fault}", operation);
                return;
            }
        }

        Assert.Fail("The save has no end.");
    }

    [Test]
    public void Beginning_KilledAnywhere_IsNoRunOrAWholeOne([Values(DiskFault.Kill, DiskFault.KillAfter)] DiskFault fault)
    {
        const int MaxOperations = 100;
        Dataset dataset = TinyData.Load(4, 4, 8);
        for (int operation = 0; operation < MaxOperations; operation++)
        {
            using TemporaryFolder folder = new();
            FaultyDisk disk = new(operation, fault);
            var run = RunDirectory.Create(folder.File("runs"), Settings, new AtomicFiles(disk));
            try
            {
                RunStart.Write(run, RunConfigTests.Config, dataset);
                Assert.That(operation, Is.EqualTo(18), "three files of six operations each");
                return;
            }
            catch (KilledException)
            {
                bool isRun = File.Exists(run.ConfigPath);
                string picture = Path.Combine(run.SamplesPath, RunDirectory.RealsName);
                bool isWhole = File.Exists(picture) && File.Exists(run.ConfigHashPath);
                Assert.That(isWhole || !isRun, Is.True, $"{fault} at {disk.Log[operation]}");
            }
        }

        Assert.Fail("The beginning has no end.");
    }

    [Test]
    public void SaveCheckpoint_FaultGone_SavesAgain()
    {
        using TemporaryFolder folder = new();
        FaultyDisk disk = new(3, DiskFault.NoSpace);
        var run = RunDirectory.Create(folder.File("runs"), Settings, new AtomicFiles(disk));

        Assert.That(() => run.SaveCheckpoint(TinyCheckpoint.Make(1)),
            Throws.TypeOf<FileException>().With.Message.Contains("as the test wants"));
        run.SaveCheckpoint(TinyCheckpoint.Make(2));

        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(2));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(run.LastCheckpoint)!), Has.Length.EqualTo(1));
    }

    [Test]
    public void CheckSpace_TooLittle_SaysHowMuchIsNeededAndFree()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Create(folder.File("runs"), Settings, new AtomicFiles(new FullDisk(free: 100_000)));
        Checkpoint small = TinyCheckpoint.Make();
        Checkpoint large = small with { Tensors = [new NamedTensor("som.codebook", [1, 20_000], new float[20_000])] };

        Assert.That(() => run.CheckSpace(large),
            Throws.TypeOf<FileException>().With.Message.Contains("0.2 MB").And.Message.Contains("0.1 MB"));
        Assert.That(() => run.CheckSpace(small), Throws.Nothing);
    }

    /// <summary>Prints the number of faults; a test that gets here has survived all of them.</summary>
    private static void Report(string what, int faults) =>
        TestContext.Progress.WriteLine($"faults: {what}: {faults} injected, {faults} survived");

    /// <summary>
    /// Saves the checkpoints of steps 1, 2 and 3 unless the process is killed; returns how many saves were reported complete.
    /// </summary>
    private static (RunDirectory Run, int Saved) SaveThree(TemporaryFolder folder, FaultyDisk disk)
    {
        var run = RunDirectory.Create(folder.File("runs"), Settings, new AtomicFiles(disk));
        File.WriteAllText(run.ConfigPath, "{}");
        int saved = 0;
        for (int step = 1; step <= 3; step++)
        {
            try
            {
                run.SaveCheckpoint(TinyCheckpoint.Make(step));
                saved = step;
            }
            catch (FileException)
            {
            }
            catch (KilledException)
            {
                return (run, saved);
            }
        }

        return (run, saved);
    }

    /// <summary>
    /// Asserts that a new process finds the last reported checkpoint, or the one being saved at the fault, and can save again.
    /// </summary>
    private static void AssertRecovers(RunDirectory broken, int saved, string what)
    {
        var run = RunDirectory.Open(broken.Path);
        run.DeleteTemporary();
        (Checkpoint? checkpoint, string? damage) = run.Recover();

        Assert.That(damage, Is.Null, what);
        Assert.That(checkpoint?.Step ?? 0, Is.InRange(saved, saved + 1), what);
        run.SaveCheckpoint(TinyCheckpoint.Make(9));
        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(9), what);
        Assert.That(
            Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName),
            Is.SubsetOf((string[])["config.json", "last.safetensors", "previous.safetensors"]), what);
    }

    private sealed class FullDisk(long free) : IDisk
    {
        public FileStream Create(string path, long length) => throw new IOException("full");

        public void Write(FileStream file, ReadOnlySpan<byte> bytes) => throw new IOException("full");

        public void Flush(FileStream file) => throw new IOException("full");

        public Stream OpenRead(string path) => throw new IOException("full");

        public void Rename(string path, string newPath) => throw new IOException("full");

        public void FlushFolder(string folder) => throw new IOException("full");

        public void Delete(string path) => throw new IOException("full");

        public long FreeBytes(string folder) => free;
    }
}
