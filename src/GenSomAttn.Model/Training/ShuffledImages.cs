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
    private readonly int[] _order;
    private readonly DeviceView<int> _orderOnDevice;
    private readonly int[] _labels;
    private readonly DeviceView<int> _labelsOnDevice;

    /// <summary>Copies the images to the device.</summary>
    /// <param name="backend">Backend of the device.</param>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images of a batch; the last of an epoch may have fewer.</param>
    /// <param name="memory">Owner of the order and of the labels.</param>
    /// <param name="largestShare">Share of the free memory of the device above which the images are streamed.</param>
    public ShuffledImages(
        Backend<float> backend, ImageSet images, int batchSize, DeviceMemory memory, double largestShare = DeviceImages.LargestShare)
    {
        _images = new DeviceImages(backend, images, batchSize, largestShare);
        _blocks = _images.IsUploaded ? new ImageBlocks(backend, images, batchSize) : null;
        _batchSize = batchSize;
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

    /// <summary>Gathers a batch on the device.</summary>
    /// <param name="batch">Its index in the epoch.</param>
    /// <param name="step">Number of completed steps.</param>
    public TrainingBatch Gather(int batch, long step)
    {
        int start = CountBefore(batch);
        int count = CountBefore(batch + 1) - start;
        DeviceView<float> images = _blocks is null
            ? _images.Gather(_orderOnDevice.Slice(start, count), _order.AsSpan(start, count))
            : _images.Convert(_blocks.Take(_order, start, count));
        return new TrainingBatch(images, _labelsOnDevice.Slice(start, count), count, step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _blocks?.Dispose();
        _images.Dispose();
    }
}
