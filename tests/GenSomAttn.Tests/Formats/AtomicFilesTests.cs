using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Atomic writes: temporary file and rename, so that a file is complete or unchanged.</summary>
public sealed class AtomicFilesTests
{
    [Test]
    public void Write_NewAndExisting_LeavesTheContentAlone()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("file");

        AtomicFiles.OnDisk.Write(path, [1, 2, 3]);
        AtomicFiles.OnDisk.Write(path, [4]);
        AtomicFiles.OnDisk.Write(folder.File("empty"), []);

        Assert.That(File.ReadAllBytes(path), Has.Length.EqualTo(1).And.All.EqualTo(4));
        Assert.That(File.ReadAllBytes(folder.File("empty")), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public void Copy_OverAnExistingFile_LeavesBothAlike()
    {
        using TemporaryFolder folder = new();
        byte[] content = [.. Enumerable.Range(0, 200_001).Select(i => (byte)(i * 7))];
        AtomicFiles.OnDisk.Write(folder.File("source"), content);
        AtomicFiles.OnDisk.Write(folder.File("copy"), [1]);

        AtomicFiles.OnDisk.Copy(folder.File("source"), folder.File("copy"));

        Assert.That(File.ReadAllBytes(folder.File("copy")), Is.EqualTo(content));
        Assert.That(File.ReadAllBytes(folder.File("source")), Is.EqualTo(content));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public void Copy_NoSource_LeavesTheFormerCopy()
    {
        using TemporaryFolder folder = new();
        AtomicFiles.OnDisk.Write(folder.File("copy"), [1]);

        Assert.That(() => AtomicFiles.OnDisk.Copy(folder.File("absent"), folder.File("copy")), Throws.TypeOf<FileException>());
        Assert.That(File.ReadAllBytes(folder.File("copy")), Is.EqualTo(new byte[] { 1 }));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Write_CannotRename_LeavesNoTemporaryFile()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("taken");
        Directory.CreateDirectory(path);

        Assert.That(() => AtomicFiles.OnDisk.Write(path, [1]), Throws.TypeOf<FileException>().With.Message.Contains(path));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Write_NoFolder_Throws()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.File("absent"), "file");

        Assert.That(() => AtomicFiles.OnDisk.Write(path, [1]), Throws.TypeOf<FileException>().With.Message.Contains(path));
    }

    [Test]
    [Platform("Linux")]
    public void Write_FolderThatTakesNoFiles_Throws()
    {
        Assert.That(() => AtomicFiles.OnDisk.Write("/proc/self/file", [1]), Throws.TypeOf<FileException>());
    }
}
