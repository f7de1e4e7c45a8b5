using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Images that are uploaded in blocks: the batches of every order are those of images that are on the device.</summary>
public sealed class ImageBlocksTests
{
    private const int BatchSize = 2;

    /// <summary>251 images are three blocks of at most 50 batches; the last batch has one image.</summary>
    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Gather_ImagesThatAreTooLargeForTheDevice_GivesTheSameBatches(string accelerator) => CheckBatches(accelerator, shards: 1);

    /// <summary>Both shards of a batch come from one block; the last batch has one image, in its second shard.</summary>
    [Test]
    public void Gather_BatchesInShards_GivesTheSameShards() => CheckBatches("cpu", shards: 2);

    /// <summary>A block is one batch where images are large: here 1024 x 1024 in color, of which 16 MB hold five.</summary>
    [Test]
    public void DeviceBytes_OfLargeImages_AreTwoBlocksOfABatch()
    {
        ImageShape shape = new(1024, ImageShape.Color);
        ImageSet images = new(new byte[7 * shape.Length], new int[7], shape);
        using Backend<float> backend = AllBackends.Create("cpu");

        using ImageBlocks blocks = new(backend, images, batchSize: 6);

        Assert.That(blocks.DeviceBytes, Is.EqualTo(2L * 6 * shape.Length));
    }

    private static void CheckBatches(string accelerator, int shards)
    {
        const int Count = 251;
        ImageSet images = TinyData.Load(Count, 3, 8).Train;
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceMemory memory = new(backend);
        using ShuffledImages whole = new(backend, images, BatchSize, shards, memory);
        using ShuffledImages inBlocks = new(backend, images, BatchSize, shards, memory, largestShare: 0);

        // From a batch in the middle on, as a resumed training begins.
        foreach ((int epoch, int first) in new[] { (0, 0), (1, 60), (2, 99) })
        {
            whole.BeginEpoch(seed: 1, epoch);
            inBlocks.BeginEpoch(seed: 1, epoch);
            for (int batch = first; batch < whole.Batches; batch++)
            {
                for (int shard = whole.CountOf(batch) < BatchSize ? shards - 1 : 0; shard < shards; shard++)
                {
                    float[] expected = whole.Gather(batch, shard, step: 0).Images.ToArray();
                    float[] actual = inBlocks.Gather(batch, shard, step: 0).Images.ToArray();
                    Assert.That(actual, Is.EqualTo(expected), $"epoch {epoch}, batch {batch}, shard {shard}");
                }
            }
        }
    }
}
