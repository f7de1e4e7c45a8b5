using System.IO.Compression;
using System.Runtime.InteropServices;
using GenSomAttn.Backends;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace GenSomAttn.Tests.Data;

/// <summary>Images of IDX files that are not compressed: they stay in the file, and are the same as those that are read.</summary>
public sealed class SetInFileTests
{
    [Test]
    public void Load_PlainFiles_StayInThemAndPackedOnesAreRead()
    {
        using TemporaryFolder plain = new();
        using TemporaryFolder packed = new();
        IdxSet.Write(plain.Path, 33, 5, 8, packed: false);
        IdxSet.Write(packed.Path, 33, 5, 8);

        (Dataset inFile, Dataset read) = (Dataset.Load(plain.Path), Dataset.Load(packed.Path));

        Assert.That((inFile.Train.IsInMemory, read.Train.IsInMemory), Is.EqualTo((false, true)));
        Assert.That(inFile.Train.Pixels.ToArray(), Is.EqualTo(read.Train.Pixels.ToArray()));
        Assert.That(inFile.Sha256, Is.EqualTo(read.Sha256));
        ImageSet first = Dataset.Load(plain.Path, new DataOptions(3)).Train;
        Assert.That(first.IsInMemory, Is.False);
        Assert.That(first.Pixels.ToArray(), Is.EqualTo(read.Train.First(3).Pixels.ToArray()));
        int[] chosen = [32, 0, 7, 7];
        Assert.That(inFile.Train.At(chosen).IsInMemory, Is.False);
        Assert.That(inFile.Train.At(chosen).Pixels.ToArray(), Is.EqualTo(read.Train.At(chosen).Pixels.ToArray()));
        Assert.That(inFile.Train.At(chosen).First(2).Pixels.ToArray(), Is.EqualTo(read.Train.At(chosen[..2]).Pixels.ToArray()));
    }

    [Test]
    public void Pixels_OfADeletedFile_StayReadable()
    {
        Dataset dataset;
        using (TemporaryFolder folder = new())
        {
            IdxSet.Write(folder.Path, 33, 5, 8, packed: false);
            dataset = Dataset.Load(folder.Path);
        }

        Assert.That(dataset.Train.Pixels.ToArray(), Is.EqualTo(IdxSet.Images(33, 8, 8)[16..]));
    }

    [Test]
    public void CopyTo_DiskThatFails_NamesTheFile()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Reading /proc/self/mem at 0, which no process has, is an input/output error, as of a disk that goes away.");
        }

        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder.File("images"), [1, 2, 3, 4]);
        using FileStream file = File.OpenRead(folder.File("images"));
        StoredBytes bytes = new FileBytes(file, "images", 0, 4);
        byte[] read = new byte[4];
        bytes.CopyTo(0, read);
        using FileStream broken = File.OpenRead("/proc/self/mem");
        Assert.That(Replace((int)broken.SafeFileHandle.DangerousGetHandle(), (int)file.SafeFileHandle.DangerousGetHandle()), Is.Positive);

        Assert.That(read, Is.EqualTo((byte[])[1, 2, 3, 4]));
        Assert.That(
            () => bytes.CopyTo(0, read), Throws.TypeOf<DataException>().With.Message.StartsWith("Cannot read images: Input/output error"));
    }

    [TestCase(28, 30, 32)]
    [TestCase(5, 3, 8)]
    [TestCase(520, 12, 512)]
    public void Load_PlainFilesOfOtherSides_StayInThemAndAreLaidOnBlackAsThoseInMemory(int height, int width, int side)
    {
        using TemporaryFolder plain = new();
        byte[] values = [.. Enumerable.Range(0, 16 + (7 * height * width)).Select(i => (byte)(i * 31))];
        IdxWriter.Header([7, height, width], values.Length - 16).CopyTo(values, 0);
        File.WriteAllBytes(plain.File("train-images-idx3-ubyte"), values);
        File.WriteAllBytes(plain.File("t10k-images-idx3-ubyte"), values);
        using TemporaryFolder packed = new();
        foreach (string name in (string[])["train-images-idx3-ubyte", "t10k-images-idx3-ubyte"])
        {
            using FileStream file = File.Create(packed.File(name + ".gz"));
            using GZipStream zip = new(file, CompressionLevel.Fastest);
            zip.Write(values);
        }

        (ImageSet inFile, ImageSet read) = (Dataset.Load(plain.Path).Train, Dataset.Load(packed.Path).Train);
        byte[] part = new byte[100];
        inFile.First(5).Stored.CopyTo((2 * read.Shape.Length) - 50, part);

        Assert.That((inFile.IsInMemory, read.IsInMemory, inFile.Side), Is.EqualTo((false, true, side)));
        Assert.That(part, Is.EqualTo(read.Pixels.Slice((2 * read.Shape.Length) - 50, 100).ToArray()), "over the end of an image");
        Assert.That(inFile.Pixels.ToArray(), Is.EqualTo(read.Pixels.ToArray()));
    }

    [Test]
    public void Load_PicturesWithASpool_AreTheSameSetInAFileThatHasNoName()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("pictures"));
        byte[] gray = PictureFile.Encode([.. Enumerable.Repeat((byte)90, 3 * 64)], 8, 8);
        byte[] red = PictureFile.Encode([.. Enumerable.Range(0, 3 * 64).Select(i => (byte)(i % 3 == 0 ? 200 : 10))], 8, 8);
        for (int n = 0; n < 40; n++)
        {
            File.WriteAllBytes(folder.File($"pictures/{n:00}.png"), n == 31 ? red : gray);
        }

        DataOptions options = new(ImageSize: 8);
        Dataset inMemory = Dataset.Load(folder.File("pictures"), options);
        Dataset spooled = Dataset.Load(folder.File("pictures"), options with { Spool = folder.File("spool") });

        Assert.That((spooled.Train.IsInMemory, spooled.Train.Shape.Channels), Is.EqualTo((false, ImageShape.Color)));
        Assert.That(spooled.Sha256, Is.EqualTo(inMemory.Sha256));
        Assert.That(spooled.Notes, Is.EqualTo(inMemory.Notes));
        Assert.That(spooled.Train.Pixels.ToArray(), Is.EqualTo(inMemory.Train.Pixels.ToArray()));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    [DllImport("libc", EntryPoint = "dup2")]
    private static extern int Replace(int descriptor, int replaced);

    [TestCase(-1)]
    [TestCase(1)]
    public void Load_FileOfAnotherLength_IsRefused(int more)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, 8, packed: false);
        string path = folder.File(IdxSet.Names[0]);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(file.Length + more);
        }

        Assert.That(() => Dataset.Load(folder.Path), Throws.TypeOf<DataException>().With.Message.Contains(path));
        Assert.That(() => Dataset.Load(folder.Path, new DataOptions(1)), Throws.TypeOf<DataException>(), "also behind the limit");
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Pixels_OfAFileThatIsChangedInUse_AreRefusedByName(int more)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, 8, packed: false);
        string path = folder.File(IdxSet.Names[0]);
        ImageSet images = Dataset.Load(folder.Path).Train;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(file.Length + more);
        }

        Assert.That(() => images.Pixels, Refused());
        Assert.That(() => images.CopyTo(0, new byte[64]), Refused(), "what is still there too");
        Assert.That(() => images.CopyTo(32, new byte[64]), Refused());
        Assert.That(() => images.At([32]).Pixels, Refused());
        Assert.That(() => images.CopyTo(33, new byte[64]), Throws.InstanceOf<ArgumentOutOfRangeException>(), "an index beyond the end");

        IResolveConstraint Refused() => Throws.TypeOf<DataException>().With.Message.Contains(path).And.Message.Contains("was changed");
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Gather_ImagesInAFileOrTooLargeForTheDevice_GivesThem(string accelerator)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, 8, packed: false);
        ImageSet inFile = Dataset.Load(folder.Path).Train;
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceBuffer<int> indices = backend.Allocate<int>(3);
        indices.CopyFrom([32, 0, 7]);

        byte[] pixels = inFile.Pixels.ToArray();
        byte[] expected = [.. pixels[(32 * 64)..], .. pixels[..64], .. pixels[(7 * 64)..(8 * 64)]];
        var inMemory = new ImageSet(pixels, inFile.Labels, inFile.Shape);
        foreach ((ImageSet set, double share) in new[] { (inFile, 0.5), (inFile, 0), (inMemory, 0) })
        {
            using DeviceImages images = new(backend, set, maxBatch: 3, share);
            float[] batch = images.Gather(indices.View, [32, 0, 7]).ToArray();
            Assert.That(batch, Is.EqualTo(expected.Select(pixel => pixel / 255f)));
            Assert.That(images.Range(30, 3).ToArray(), Is.EqualTo(pixels[(30 * 64)..].Select(pixel => pixel / 255f)));
        }
    }
}
