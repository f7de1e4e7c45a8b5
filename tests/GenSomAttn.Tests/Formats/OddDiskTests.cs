using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Full and read-only disks, and links instead of files and folders.</summary>
[Parallelizable(ParallelScope.All)]
[Platform("Linux")]
public sealed class OddDiskTests
{
    private const int Megabyte = 1 << 20;
    private static readonly TrainingSettings Settings = new() { MapHeight = 3, MapWidth = 2 };

    [Test]
    public void Write_ToDevFull_SaysThatThereIsNoSpaceAndLeavesNoTemporaryFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("file");
        AtomicFiles.OnDisk.Write(path, [1, 2, 3]);

        // The temporary file is a link to /dev/full.
        File.CreateSymbolicLink($"{path}.{Environment.ProcessId}.tmp", "/dev/full");

        Assert.That(() => AtomicFiles.OnDisk.Write(path, new byte[100]),
            Throws.TypeOf<FileException>().With.Message.StartsWith($"Cannot write {path}: ").And.Message.Contains("No space left"));
        Assert.That(File.ReadAllBytes(path), Has.Length.EqualTo(3), "the former content");
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Write_MoreThanTheVolumeHolds_FailsBeforeTheFirstByteAndLeavesNothing()
    {
        using SmallVolume volume = SmallVolume.MountOrSkip("size=1m");
        string path = Path.Combine(volume.Path, "file");
        AtomicFiles.OnDisk.Write(path, new byte[Megabyte / 4]);

        Assert.That(() => AtomicFiles.OnDisk.Write(path, new byte[Megabyte]), Throws.TypeOf<FileException>().With.Message.Contains(path));
        Assert.That(new FileInfo(path).Length, Is.EqualTo(Megabyte / 4), "the former content");
        Assert.That(Directory.GetFileSystemEntries(volume.Path), Has.Length.EqualTo(1));
        Assert.That(AtomicFiles.OnDisk.Disk.FreeBytes(volume.Path), Is.EqualTo(3 * Megabyte / 4), "no part of it takes space");
    }

    [Test]
    public void SaveCheckpoint_VolumeThatHoldsOneAndAHalf_KeepsTheOne()
    {
        using SmallVolume volume = SmallVolume.MountOrSkip("size=1m");
        var run = RunDirectory.Create(volume.Path, Settings);
        Checkpoint first = WithNumbers(160_000);

        Assert.That(() => run.CheckSpace(first),
            Throws.TypeOf<FileException>().With.Message.Contains("1.9 MB").And.Message.Contains("1 MB"));
        run.SaveCheckpoint(first);
        Assert.That(() => run.SaveCheckpoint(first with { Step = 21 }), Throws.TypeOf<FileException>());

        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(first.Step));
        Assert.That(Directory.GetFiles(run.Path, "*", SearchOption.AllDirectories), Is.EqualTo([run.LastCheckpoint]));
    }

    [Test]
    public void CheckSpace_OfTheRunsOwnVolume_IsWhatCounts()
    {
        using TemporaryFolder folder = new();
        using SmallVolume volume = SmallVolume.MountOrSkip("size=1m");
        Checkpoint checkpoint = WithNumbers(160_000);
        var onSmallVolume = RunDirectory.Create(volume.Path, Settings);

        // The run's folder is a link to the small volume from a folder with more space.
        Directory.CreateSymbolicLink(folder.File("link"), volume.Path);
        var byLink = RunDirectory.Create(folder.File("link"), Settings);

        Assert.That(() => onSmallVolume.CheckSpace(checkpoint), Throws.TypeOf<FileException>());
        Assert.That(() => byLink.CheckSpace(checkpoint), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Create(folder.File("runs"), Settings).CheckSpace(checkpoint), Throws.Nothing);
    }

    [Test]
    public void ReadOnlyVolume_TakesNoRunAndNoFile()
    {
        using SmallVolume volume = SmallVolume.MountOrSkip("ro");

        Assert.That(() => RunDirectory.Create(volume.Path, Settings), Throws.TypeOf<FileException>().With.Message.Contains(volume.Path));
        Assert.That(() => AtomicFiles.OnDisk.Write(Path.Combine(volume.Path, "file"), [1]),
            Throws.TypeOf<FileException>().With.Message.Contains("Read-only"));
    }

    /// <summary>The new file replaces the link, and the link's target is unchanged: no file outside the run is written.</summary>
    [Test]
    public void SaveCheckpoint_LastIsALink_ReplacesTheLinkAndNotItsTarget()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Create(folder.File("runs"), Settings);
        byte[] elsewhere = CheckpointFile.ToBytes(TinyCheckpoint.Make(1));
        File.WriteAllBytes(folder.File("elsewhere"), elsewhere);
        File.CreateSymbolicLink(run.LastCheckpoint, folder.File("elsewhere"));
        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(1), "it is read through the link");

        run.SaveCheckpoint(TinyCheckpoint.Make(2));

        Assert.That(new FileInfo(run.LastCheckpoint).LinkTarget, Is.Null);
        Assert.That(run.LoadCheckpoint().Step, Is.EqualTo(2));
        Assert.That(CheckpointFile.Load(run.PreviousCheckpoint).Step, Is.EqualTo(1));
        Assert.That(File.ReadAllBytes(folder.File("elsewhere")), Is.EqualTo(elsewhere));
    }

    /// <summary>The target may be on a volume that is not mounted: the training must not start from scratch.</summary>
    [Test]
    public void Recover_LastIsALinkToNothing_IsRefused()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Create(folder.File("runs"), Settings);
        File.CreateSymbolicLink(run.LastCheckpoint, folder.File("absent"));

        Assert.That(() => run.Recover(), Throws.TypeOf<TensorFileException>().With.Message.Contains(run.LastCheckpoint));
        Assert.That(() => run.LoadCheckpoint(), Throws.TypeOf<TensorFileException>().With.Message.Contains(run.LastCheckpoint));
        Assert.That(() => run.SaveCheckpoint(TinyCheckpoint.Make(2)),
            Throws.TypeOf<FileException>().With.Message.Contains(run.LastCheckpoint));
        Assert.That(new FileInfo(run.LastCheckpoint).LinkTarget, Is.EqualTo(folder.File("absent")), "it is left alone");
    }

    /// <summary>The run's folder may be a link, for example to a larger volume.</summary>
    [Test]
    public void RunDirectory_IsALink_IsOpenedAndSavedThroughIt()
    {
        using TemporaryFolder folder = new();
        var run = RunDirectory.Create(folder.File("runs"), Settings);
        File.WriteAllText(run.ConfigPath, "{}");
        Directory.Move(run.Path, folder.File("elsewhere"));
        Directory.CreateSymbolicLink(run.Path, folder.File("elsewhere"));

        var opened = RunDirectory.Open("1", folder.File("runs"));
        using (opened.Lock())
        {
            opened.SaveCheckpoint(TinyCheckpoint.Make(3));
        }

        Assert.That(new DirectoryInfo(run.Path).LinkTarget, Is.EqualTo(folder.File("elsewhere")));
        Assert.That(CheckpointFile.Load(Path.Combine(folder.File("elsewhere"), "checkpoints", "last.safetensors")).Step, Is.EqualTo(3));
        Assert.That(RunDirectory.Create(folder.File("runs"), Settings).Name, Does.StartWith("0002-"), "its number is taken");
    }

    [Test]
    public void FlushFolder_ThereOrNot_ReturnsOrSaysWhich()
    {
        using TemporaryFolder folder = new();
        IDisk disk = AtomicFiles.OnDisk.Disk;

        Assert.That(() => disk.FlushFolder(folder.Path), Throws.Nothing);
        Assert.That(() => disk.FlushFolder(folder.File("absent")),
            Throws.TypeOf<IOException>().With.Message.Contains(folder.File("absent")).And.Message.Contains("No such file"));
    }

    private static Checkpoint WithNumbers(int count) =>
        TinyCheckpoint.Make() with { Tensors = [new NamedTensor("som.codebook", [1, count], new float[count])] };
}
