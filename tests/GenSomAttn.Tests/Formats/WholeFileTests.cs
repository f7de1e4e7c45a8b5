using System.IO.Pipes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Whole files are read up to a maximum length, whatever length the file system reports.</summary>
public sealed class WholeFileTests
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(4999)]
    [TestCase(5000)]
    public void Read_UpToTheMost_GivesTheContent(int length)
    {
        using TemporaryFolder folder = new();
        byte[] content = [.. Enumerable.Range(0, length).Select(index => (byte)index)];
        File.WriteAllBytes(folder.File("file"), content);

        Assert.That(WholeFile.Read(folder.File("file"), 5000), Is.EqualTo(content));
    }

    [Test]
    public void Read_OneByteMore_Throws()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("file"), new byte[5001]);

        Assert.That(() => WholeFile.Read(folder.File("file"), 5000), Throws.TypeOf<InvalidDataException>().With.Message.Contains("5000"));
    }

    [Test]
    [Platform("Linux")]
    public void Read_FileWithoutEnd_ThrowsWithoutTakingMemory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => WholeFile.Read("/dev/zero", 100_000), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => RunConfig.Load("/dev/zero"), Throws.TypeOf<FileException>());
        Assert.That(() => PartialConfig.Apply(ConfigOf(), "/dev/zero"), Throws.TypeOf<FileException>());
        // Arrays of twice the length each time, up to 100,000 and twice 65,536 bytes, and the rest of a test.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000_000));
    }

    /// <summary>As in train --config &lt;(command).</summary>
    [Test]
    [Platform("Linux")]
    public void Read_Pipe_GivesWhatCameThrough([Values(3, 9000)] int length)
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        byte[] content = [.. Enumerable.Range(0, length).Select(index => (byte)index)];
        string path = $"/proc/self/fd/{writer.GetClientHandleAsString()}";
        var reading = Task.Run(() => WholeFile.Read(path, 10_000));
        writer.Write(content.AsSpan(0, length / 2));
        writer.Write(content.AsSpan(length / 2));
        writer.Dispose();

        Assert.That(reading.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(reading.Result, Is.EqualTo(content));
    }

    private static RunConfig ConfigOf() => new()
    {
        Settings = new(),
        Data = "data",
        Accelerator = "cpu",
        Threads = 1,
        Version = "",
        Commit = null,
        CommandLine = "",
    };
}
