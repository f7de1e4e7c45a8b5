using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Rng;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Training;

/// <summary>Training images in batches on the device, in another random order in each epoch.</summary>
internal sealed class ShuffledImages : IDisposable
{
    private readonly DeviceImages _images;
    private readonly ImageBlocks? _blocks;
    private readonly int _batchSize;
    private readonly int _shards;
    private readonly int _length;
    private readonly int[] _order;
    private readonly DeviceView<int> _orderOnDevice;
    private readonly int[] _labels;
    private readonly DeviceView<int> _labelsOnDevice;

    /// <summary>Copies the images to the device.</summary>
    /// <param name="backend">Backend of the device.</param>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images of a batch; the last of an epoch may have fewer.</param>
    /// <param name="shards">Shards of a batch.</param>
    /// <param name="memory">Owner of the order and of the labels.</param>
    /// <param name="largestShare">Share of the free memory of the device above which the images are streamed.</param>
    public ShuffledImages(
        Backend<float> backend, ImageSet images, int batchSize, int shards, DeviceMemory memory,
        double largestShare = DeviceImages.LargestShare)
    {
        _images = new DeviceImages(backend, images, DivideUp(batchSize, shards), largestShare);
        _blocks = _images.IsUploaded ? new ImageBlocks(backend, images, batchSize) : null;
        _batchSize = batchSize;
        _shards = shards;
        _length = images.Shape.Length;
        _order = new int[Count];
        _orderOnDevice = memory.Take<int>(Count);
        _labels = new int[Count];
        _labelsOnDevice = memory.Take<int>(Count);
    }

    /// <summary>Number of images.</summary>
    public int Count => _images.Count;

    /// <summary>Number of batches of an epoch.</summary>
    public int Batches => DivideUp(Count, _batchSize);

    /// <summary>Bytes on the device, without those of the order and of the labels.</summary>
    public long DeviceBytes => _images.DeviceBytes + (_blocks?.DeviceBytes ?? 0);

    /// <summary>Draws the order of an epoch.</summary>
    public void BeginEpoch(ulong seed, int epoch)
    {
        Shuffle.Fill(seed, epoch, _order);
        _blocks?.BeginEpoch();
        _orderOnDevice.CopyFrom(_order);
        for (int n = 0; n < _order.Length; n++)
        {
            _labels[n] = _images.Labels.Span[_order[n]];
        }

        _labelsOnDevice.CopyFrom(_labels);
    }

    /// <summary>Number of images in the first batches of an epoch.</summary>
    public int CountBefore(int batch) => Math.Min(batch * _batchSize, Count);

    /// <summary>Number of images in a batch.</summary>
    public int CountOf(int batch) => CountBefore(batch + 1) - CountBefore(batch);

    /// <summary>Number of images in the first shards of a batch; shards of the last batch may be empty.</summary>
    public int CountBefore(int batch, int shard) => (int)((long)CountOf(batch) * shard / _shards);

    /// <summary>Gathers a shard of a batch, which is not empty, on the device.</summary>
    /// <param name="batch">Index of the batch in the epoch.</param>
    /// <param name="shard">Index of the shard in the batch.</param>
    /// <param name="step">Number of completed steps.</param>
    public TrainingBatch Gather(int batch, int shard, long step)
    {
        int first = CountBefore(batch, shard);
        int start = CountBefore(batch) + first;
        int count = CountBefore(batch, shard + 1) - first;
        DeviceView<float> images = _blocks is null
            ? _images.Gather(_orderOnDevice.Slice(start, count), _order.AsSpan(start, count))
            : _images.Convert(_blocks.Take(_order, CountBefore(batch), CountOf(batch)).Slice(first * _length, count * _length));
        return new TrainingBatch(
            images, _labelsOnDevice.Slice(start, count), count, (step * _shards) + shard, (float)((double)count / CountOf(batch)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks?.Dispose();
        _images.Dispose();
    }
}
