using System.Collections.Concurrent;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Runs;

/// <summary>Runs are numbered, found again and never overwritten.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunDirectoryTests : IDisposable
{
    private static readonly TrainingSettings Settings = new() { MapHeight = 8, MapWidth = 10, Seed = 7 };

    private readonly TemporaryFolder _folder = new();
    private readonly string _runs;

    public RunDirectoryTests() => _runs = _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Create_FirstAndLater_TakesTheNumberAfterTheLargest()
    {
        Assert.That(RunDirectory.Create(_runs, Settings).Name, Is.EqualTo("0001-somattn-8x10-s7"));
        Directory.CreateDirectory(Path.Combine(_runs, "0041-vae"));
        Directory.CreateDirectory(Path.Combine(_runs, "notes-0099"));
        Directory.CreateDirectory(Path.Combine(_runs, "9"));
        RunDirectory run = RunDirectory.Create(_runs, Settings);

        Assert.That(run.Name, Is.EqualTo("0042-somattn-8x10-s7"));
        Assert.That(Directory.Exists(run.SamplesPath), Is.True);
        Assert.That(Directory.Exists(Path.GetDirectoryName(run.LastCheckpoint)), Is.True);
        Assert.That(Directory.GetFiles(_runs).Select(Path.GetFileName), Is.EqualTo([".last-number"]));
    }

    [Test]
    public void Create_After9999_GoesOn()
    {
        Directory.CreateDirectory(Path.Combine(_runs, "9999-somattn"));
        Assert.That(RunDirectory.Create(_runs, Settings).Name, Does.StartWith("10000-"));
        Assert.That(RunDirectory.Create(_runs, Settings).Name, Does.StartWith("10001-"));
    }

    [Test]
    public void Create_AfterZeroOrNoNumber_TakesTheFirst()
    {
        foreach (string name in (string[])["0000-somattn", "-0005-somattn", "+0005-somattn", "0x05-somattn", "99999999999-somattn"])
        {
            Directory.CreateDirectory(Path.Combine(_runs, name));
        }

        Assert.That(RunDirectory.Create(_runs, Settings).Name, Is.EqualTo("0001-somattn-8x10-s7"));
    }

    [Test]
    public void Create_AfterTheLargestNumber_NamesTheFolderInTheWay()
    {
        Directory.CreateDirectory(Path.Combine(_runs, $"{int.MaxValue}-somattn"));

        Assert.That(() => RunDirectory.Create(_runs, Settings),
            Throws.TypeOf<FileException>().With.Message.Contains($"{int.MaxValue}-somattn. Rename that folder."));
        Assert.That(Directory.GetFileSystemEntries(_runs), Has.Length.EqualTo(1));
    }

    [Test]
    public void Create_FileInPlaceOfTheFolder_NamesIt()
    {
        Directory.CreateDirectory(_runs);
        string file = Path.Combine(_runs, "0001-somattn-8x10-s7");
        File.WriteAllText(file, "a note");

        Assert.That(() => RunDirectory.Create(_runs, Settings), Throws.TypeOf<FileException>().With.Message.Contains(file));
        Assert.That(File.ReadAllText(file), Is.EqualTo("a note"));
        Assert.That(Directory.GetFileSystemEntries(_runs), Has.Length.EqualTo(1));
    }

    [Test]
    public void Create_AtTheSameTime_GivesEachItsOwnNumber()
    {
        const int Runs = 64;
        ConcurrentBag<string> names = [];
        Thread[] threads =
        [
            .. Enumerable.Range(0, Runs).Select(seed => new Thread(
                () => names.Add(RunDirectory.Create(_runs, Settings with { Seed = (ulong)seed }).Name))),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.That(names.Select(name => name.Split('-')[0]).Distinct().Count(), Is.EqualTo(Runs));
        string largest = names.Max(StringComparer.Ordinal)!.Split('-')[0].TrimStart('0');
        Assert.That(File.ReadAllText(Path.Combine(_runs, ".last-number")), Is.EqualTo($"{largest}\n"));
    }

    [Test]
    public void Create_AfterDeletedRuns_GivesNoNumberTwice()
    {
        RunDirectory.Create(_runs, Settings);
        foreach (string expected in (string[])["0002-", "0003-"])
        {
            RunDirectory run = RunDirectory.Create(_runs, Settings);
            Assert.That(run.Name, Does.StartWith(expected));
            Directory.Delete(run.Path, recursive: true);
        }

        Directory.Delete(Directory.GetDirectories(_runs).Single(), recursive: true);
        Assert.That(RunDirectory.Create(_runs, Settings).Name, Does.StartWith("0004-"), "of all that were given none is left");
    }

    [TestCase("")]
    [TestCase("some words")]
    [TestCase("-7\n")]
    [TestCase("99999999999\n")]
    [TestCase("1\n")]
    public void Create_NumberFileThatTellsNothing_GoesByTheFolders(string content)
    {
        Directory.CreateDirectory(Path.Combine(_runs, "0004-somattn"));
        File.WriteAllText(Path.Combine(_runs, ".last-number"), content);

        Assert.That(RunDirectory.Create(_runs, Settings).Name, Does.StartWith("0005-"));
        Assert.That(File.ReadAllText(Path.Combine(_runs, ".last-number")), Is.EqualTo("5\n"));
    }

    [Test]
    public void Create_NumberFileWithTheLargest_NamesIt()
    {
        Directory.CreateDirectory(_runs);
        string file = Path.Combine(_runs, ".last-number");
        File.WriteAllText(file, $"{int.MaxValue}\n");

        Assert.That(() => RunDirectory.Create(_runs, Settings), Throws.TypeOf<FileException>().With.Message.Contains(file));
        Assert.That(Directory.GetDirectories(_runs), Is.Empty);
    }

    [Test]
    public void Create_NumberThatCannotBeKept_LeavesNoRun()
    {
        string inTheWay = Path.Combine(_runs, ".last-number");
        Directory.CreateDirectory(inTheWay);

        Assert.That(() => RunDirectory.Create(_runs, Settings), Throws.TypeOf<FileException>().With.Message.Contains(inTheWay));
        Assert.That(Directory.GetFileSystemEntries(_runs), Is.EqualTo([inTheWay]));
    }

    [Test]
    public void Create_FoldersThatAreNotThere_AreMade()
    {
        RunDirectory run = RunDirectory.Create(Path.Combine(_runs, "deeper", "still"), Settings);

        Assert.That(Directory.Exists(run.SamplesPath), Is.True);
    }

    [Test]
    public void Create_AFileInTheWay_Throws()
    {
        File.WriteAllText(_folder.File("file"), string.Empty);

        Assert.That(() => RunDirectory.Create(_folder.File("file"), Settings), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Create(Path.Combine(_folder.File("file"), "runs"), Settings), Throws.TypeOf<FileException>());
    }

    [Test]
    [Platform("Linux")]
    public void Create_FolderThatTakesNoFolders_Throws()
    {
        Assert.That(() => RunDirectory.Create("/proc/self", Settings), Throws.TypeOf<FileException>().With.Message.Contains("/proc/self"));
        Assert.That(() => RunDirectory.Create("/proc/self/runs", Settings), Throws.TypeOf<FileException>());
    }

    [TestCase("2")]
    [TestCase("0002")]
    public void Open_Number_FindsTheRun(string number)
    {
        MakeRun();
        RunDirectory run = MakeRun();

        Assert.That(RunDirectory.Open(number, _runs).Name, Is.EqualTo(run.Name));
        Assert.That(RunDirectory.Open(run.Path, "elsewhere").Name, Is.EqualTo(run.Name));
        Assert.That(RunDirectory.Open(run.Path + "/").Name, Is.EqualTo(run.Name));
    }

    [Test]
    public void Open_NoSuchRunOrNotARun_Throws()
    {
        MakeRun();

        Assert.That(() => RunDirectory.Open("3", _runs), Throws.TypeOf<FileException>().With.Message.Contains("no run 3"));
        Assert.That(() => RunDirectory.Open("-1", _runs), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Open("0", _runs), Throws.TypeOf<FileException>().With.Message.Contains("no run 0"));
        Assert.That(() => RunDirectory.Open("99999999999", _runs), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Open("1", _folder.File("absent")), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Open(_folder.File("absent")), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Open(_folder.Path), Throws.TypeOf<FileException>().With.Message.Contains("config.json"));
    }

    [Test]
    public void SaveCheckpoint_Twice_KeepsTheLastTwo()
    {
        RunDirectory run = MakeRun();
        Assert.That(() => run.LoadCheckpoint(), Throws.TypeOf<FileException>().With.Message.Contains("no checkpoint"));

        foreach (int step in (int[])[1, 2, 3])
        {
            run.SaveCheckpoint(TinyCheckpoint.Make(step));
        }

        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(3));
        Assert.That(CheckpointFile.Load(run.PreviousCheckpoint).Step, Is.EqualTo(2));
        Assert.That(() => run.SaveCheckpoint(TinyCheckpoint.Make(4, float.NaN)), Throws.TypeOf<FileException>());
        Assert.That(CheckpointFile.Load(run.PreviousCheckpoint).Step, Is.EqualTo(2));
        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(3));
    }

    [Test]
    public void LoadCheckpoint_Damaged_PointsToThePrevious()
    {
        RunDirectory run = MakeRun();
        run.SaveCheckpoint(TinyCheckpoint.Make(1));
        run.SaveCheckpoint(TinyCheckpoint.Make(2));
        byte[] bytes = File.ReadAllBytes(run.LastCheckpoint);
        bytes[^1] ^= 1;
        File.WriteAllBytes(run.LastCheckpoint, bytes);

        Assert.That(() => run.LoadCheckpoint(),
            Throws.TypeOf<TensorFileException>().With.Message.Contains("damaged").And.Message.Contains(run.PreviousCheckpoint));
        File.Copy(run.PreviousCheckpoint, run.LastCheckpoint, overwrite: true);
        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(1));
    }

    private RunDirectory MakeRun()
    {
        RunDirectory run = RunDirectory.Create(_runs, Settings);
        File.WriteAllText(run.ConfigPath, "{}");
        return run;
    }
}
