using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>One file of a set is damaged in every way; the set must be refused or read as the same data.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class IdxReaderTests : IDisposable
{
    private const string Victim = "t10k-images-idx3-ubyte";

    private static readonly byte[] GoodContent = IdxSet.Images(3, 4, 4);

    private readonly TemporaryFolder _folder = new();

    public IdxReaderTests()
    {
        IdxSet.Write(_folder.Path, 3, 3, 4);
        File.Delete(_folder.File(Victim + ".gz"));
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_FewerBytesThanHeaderAndTrailer_SaysSo([Values(7, 8, 9, 17)] int length)
    {
        byte[] packed = IdxSet.Pack(GoodContent);
        File.WriteAllBytes(_folder.File(Victim + ".gz"), packed[..length]);

        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains("fewer than a gzip file"));
    }

    [Test]
    public void Load_SomethingBehindTheCompressedData_IsRefused([Values(1, 8, 100, 20_000, 200_000)] int extra)
    {
        byte[] packed = IdxSet.Pack(GoodContent);

        Assert.That(Accepts([.. packed, .. new byte[extra]]), Is.False, "zeros");
        Assert.That(Accepts([.. packed, .. new byte[extra], .. packed[^8..]]), Is.False, "zeros and a copy of the trailer");
    }

    [Test]
    public void Load_TwoMembers_IsRefused()
    {
        int half = GoodContent.Length / 2;
        byte[] emptyMember = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.That(Accepts([.. IdxSet.Pack(GoodContent[..half]), .. IdxSet.Pack(GoodContent[half..])]), Is.False);
        Assert.That(Accepts([.. IdxSet.Pack(GoodContent), .. emptyMember]), Is.False);
        Assert.That(Accepts([.. IdxSet.Pack(GoodContent), .. IdxSet.Pack(GoodContent)]), Is.False);
    }

    [Test]
    public void Load_HeaderWithNameCommentExtraAndChecksum_IsRead()
    {
        byte[] packed = IdxSet.Pack(GoodContent);
        byte[] extra = [3, 0, 1, 2, 3];
        byte[] texts = Encoding.ASCII.GetBytes("name\0comment\0");
        packed[3] = 2 + 4 + 8 + 16;

        Assert.That(Accepts([.. packed[..10], .. extra, .. texts, 0, 0, .. packed[10..]]), Is.True);
    }

    [TestCase(0, 0, 8, 1)]
    [TestCase(0, 0, 9, 3)]
    [TestCase(3, 8, 0, 0)]
    [TestCase(0x1F, 0x8B, 8, 0)]
    public void Load_OtherMagic_IsRefused(int b0, int b1, int b2, int b3)
    {
        byte[] content = IdxSet.Content([(byte)b0, (byte)b1, (byte)b2, (byte)b3], [3, 4, 4], GoodContent[16..]);

        Assert.That(Accepts(IdxSet.Pack(content)), Is.False);
    }

    /// <summary>Each is an intact file of its kind.</summary>
    [TestCase(8, 5, "5 dimension(s)")]
    [TestCase(8, 2, "2 dimension(s)")]
    [TestCase(0x0D, 3, "value type 0D")]
    public void Load_OtherKindOfIdx_SaysWhichAndNotThatItIsDamaged(int type, int rank, string said)
    {
        uint[] dimensions = [3, 4, 4, 3, 1];
        byte[] content = IdxSet.Content([0, 0, (byte)type, (byte)rank], dimensions[..rank], GoodContent[16..]);
        File.WriteAllBytes(_folder.File(Victim), content);

        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>()
            .With.Message.Contains(said).And.Message.Contains("Convert it").And.Message.Not.Contains("intact"));
    }

    [TestCase("", "cut short")]
    [TestCase("<!DOCTYPE html><html>503</html>", "it holds an HTML page, not data: download it again.")]
    [TestCase("\r\n <html></html>", "it holds an HTML page, not data: download it again.")]
    [TestCase("version https://git-lfs", "begins with 76657273")]
    public void Load_OtherContentInAGzipName_SaysWhatItIs(string content, string said)
    {
        File.WriteAllText(_folder.File(Victim + ".gz"), content);
        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains(said));
    }

    [Test]
    public void Load_NameOfTheOtherKind_IsReadByItsContent()
    {
        Assert.That(Accepts(GoodContent), Is.True, "plain in .gz");
        Assert.That(Accepts(IdxSet.Pack(GoodContent), packed: false), Is.True, "gzip without .gz");
    }

    [TestCase(2u)]
    [TestCase(4u)]
    public void Load_ColorOfOtherChannels_IsRefused(uint channels)
    {
        byte[] content = IdxSet.Content([0, 0, 8, 4], [3, 4, 4, channels], new byte[48 * channels]);
        File.WriteAllBytes(_folder.File(Victim), content);
        Assert.That(() => Dataset.Load(_folder.Path), Throws.TypeOf<DataException>().With.Message.Contains($"{channels} channels"));
    }

    [TestCase(0u, 4u, 4u)]
    [TestCase(3u, 0u, 4u)]
    [TestCase(2u, 4u, 4u)]
    [TestCase(4u, 4u, 4u)]
    [TestCase(0x8000_0000u, 4u, 4u)]
    [TestCase(0xFFFF_FFFFu, 0xFFFF_FFFFu, 0xFFFF_FFFFu)]
    [TestCase(0x4000_0000u, 0x8000_0000u, 0x8000_0000u)]
    [TestCase(0x0300_0000u, 0x0400_0000u, 0x0400_0000u)]
    [TestCase(3u, 16384u, 16384u)]
    public void Load_DimensionsThatLie_AreRefusedWithoutTakingMemory(uint count, uint height, uint width)
    {
        byte[] content = IdxSet.Content([0, 0, 8, 3], [count, height, width], GoodContent[16..]);

        foreach (bool packed in (bool[])[true, false])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(Accepts(packed ? IdxSet.Pack(content) : content, packed), Is.False);
            // The buffers of three good files and of this one; the declared size would be at least 800 MB.
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5_000_000));
        }
    }

    [Test]
    public void Load_BombBehindASmallHeader_EndsAtTheDeclaredLength()
    {
        byte[] bomb = IdxSet.Pack([.. GoodContent, .. new byte[100_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();

        Assert.That(Accepts(bomb), Is.False);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(5_000_000));
        // Unpacking all of it takes about 100 ms; reading four tiny files takes 5.
        Assert.That(watch.ElapsedMilliseconds, Is.LessThan(1000));
    }

    [Test]
    public void Load_TrailerOfOtherContent_IsRefused()
    {
        byte[] packed = IdxSet.Pack(GoodContent);
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 4), (uint)GoodContent.Length + 1);
        Assert.That(Accepts(packed), Is.False);
    }

    [Test]
    public void Load_ReferenceCompressor_IsRead([Values] CompressionLevel level)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, level, leaveOpen: true))
        {
            gzip.Write(GoodContent);
        }

        Assert.That(Accepts(stream.ToArray()), Is.True);
    }

    /// <summary>
    /// Returns whether the set with this file loads, to the right pixels. Any exception but the declared one fails the test.
    /// </summary>
    private bool Accepts(byte[] file, bool packed = true)
    {
        string path = _folder.File(packed ? Victim + ".gz" : Victim);
        File.WriteAllBytes(path, file);
        try
        {
            Dataset dataset = Dataset.Load(_folder.Path);
            Assert.That(dataset.Test.Pixels.ToArray(), Is.EqualTo(GoodContent[16..]));
            return true;
        }
        catch (DataException exception)
        {
            Assert.That(exception.Message, Does.Contain(Victim));
            return false;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
