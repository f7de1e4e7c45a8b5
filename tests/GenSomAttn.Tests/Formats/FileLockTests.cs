using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>File locks between processes; two locks within one process exclude each other too.</summary>
public sealed class FileLockTests
{
    [Test]
    public void TryTake_HeldByAnother_IsNullUntilItIsGivenBack()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("lock");

        using (FileLock.TryTake(path))
        {
            Assert.That(FileLock.TryTake(path), Is.Null);
            Assert.That(File.Exists(path));
        }

        Assert.That(File.Exists(path), Is.False);
        using IDisposable? again = FileLock.TryTake(path);
        Assert.That(again, Is.Not.Null);
    }

    [Test]
    public void Take_HeldByAnother_WaitsForIt()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("lock");
        int inside = 0;
        int most = 0;

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using IDisposable held = FileLock.Take(path);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Sleep(5);
            Interlocked.Decrement(ref inside);
        });

        Assert.That(most, Is.EqualTo(1));
    }

    [Test]
    public void TryTake_FolderThatIsMissing_IsAnErrorNotAWait()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("none/lock");

        Assert.That(() => FileLock.TryTake(path), Throws.TypeOf<FileException>().With.Message.Contains(path));
        Assert.That(() => FileLock.Take(path), Throws.TypeOf<FileException>().With.Message.Contains(path));
    }
}
