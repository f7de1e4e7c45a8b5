using System.Runtime.InteropServices;
using GenSomAttn.Backends;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Images of IDX files that are not compressed: mapped into memory, and the same as those that are read.</summary>
public sealed class MappedSetTests
{
    [Test]
    public void Load_PlainFiles_AreMappedAndPackedOnesRead()
    {
        using TemporaryFolder plain = new();
        using TemporaryFolder packed = new();
        IdxSet.Write(plain.Path, 33, 5, 8, packed: false);
        IdxSet.Write(packed.Path, 33, 5, 8);

        (Dataset mapped, Dataset read) = (Dataset.Load(plain.Path), Dataset.Load(packed.Path));

        Assert.That(MemoryMarshal.TryGetArray(mapped.Train.Pixels, out _), Is.False);
        Assert.That(MemoryMarshal.TryGetArray(read.Train.Pixels, out _), Is.True);
        Assert.That(mapped.Train.Pixels.ToArray(), Is.EqualTo(read.Train.Pixels.ToArray()));
        Assert.That(mapped.Sha256, Is.EqualTo(read.Sha256));
        Assert.That(MemoryMarshal.TryGetArray(Dataset.Load(plain.Path, new DataOptions(3)).Train.Pixels, out _), Is.False);
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

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Gather_MappedImages_GivesThoseOfTheFile(string accelerator)
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 33, 5, 8, packed: false);
        ImageSet mapped = Dataset.Load(folder.Path).Train;
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceImages images = new(backend, mapped, maxBatch: 3);
        using DeviceBuffer<int> indices = backend.Allocate<int>(3);
        indices.CopyFrom([32, 0, 7]);
        float[] batch = images.Gather(indices.View).ToArray();

        byte[] pixels = mapped.Pixels.ToArray();
        byte[] expected = [.. pixels[(32 * 64)..], .. pixels[..64], .. pixels[(7 * 64)..(8 * 64)]];
        Assert.That(batch, Is.EqualTo(expected.Select(pixel => pixel / 255f)));
    }
}
