using GenSomAttn.Backends;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Images in the order of an epoch, uploaded in blocks of batches: while the device computes with one block, the next one is copied beside.
/// </summary>
internal sealed class ImageBlocks : IDisposable
{
    /// <summary>
    /// As many as steps between two readings of the losses: before the next block is read, the device has the most work queued.
    /// </summary>
    private const int MostBatches = 50;

    private const int MostBytes = 1 << 24;
    private const int Nothing = -1;
    private readonly ImageSet _images;
    private readonly int _imagesOfBlock;
    private readonly byte[] _onHost;
    private readonly DeviceBuffer<byte>[] _onDevice;
    private readonly int[] _held = [Nothing, Nothing];

    /// <summary>Allocates two blocks.</summary>
    /// <param name="backend">Backend of the device.</param>
    /// <param name="images">The images.</param>
    /// <param name="batchSize">Images of a batch.</param>
    public ImageBlocks(Backend<float> backend, ImageSet images, int batchSize)
    {
        _images = images;
        int length = images.Shape.Length;
        _imagesOfBlock = batchSize * Math.Clamp(MostBytes / (batchSize * length), 1, MostBatches);
        _onHost = new byte[_imagesOfBlock * length];
        _onDevice = [backend.Allocate<byte>(_onHost.Length), backend.Allocate<byte>(_onHost.Length)];
    }

    /// <summary>Bytes allocated on the device.</summary>
    public long DeviceBytes => _onDevice.Sum(block => (long)block.Length);

    /// <summary>Begins another order: the blocks of the former are of no use.</summary>
    public void BeginEpoch() => Array.Fill(_held, Nothing);

    /// <summary>
    /// Returns the pixels of a batch on the device, (count, S·S·C), valid until the next call; again, if a batch is computed in shards.
    /// </summary>
    /// <param name="order">Indices of all images of the epoch.</param>
    /// <param name="start">Where the batch begins, a multiple of the batch size.</param>
    /// <param name="count">Its images.</param>
    /// <exception cref="Formats.DataException">The file of the images was changed.</exception>
    public DeviceView<byte> Take(ReadOnlySpan<int> order, int start, int count)
    {
        int block = start / _imagesOfBlock;
        int first = block * _imagesOfBlock;
        DeviceBuffer<byte> onDevice = _onDevice[block % 2];
        if (_held[block % 2] != block)
        {
            onDevice.CopyFrom(Read(order, block));
        }
        else if (start == first)
        {
            // Waits for the operations on the block before this one, whose buffer the next block gets.
            onDevice.CopyTo(_onHost.AsSpan(0, 1));
        }

        int end = Math.Min(first + _imagesOfBlock, order.Length);
        if (start + count == end && end < order.Length && _held[(block + 1) % 2] != block + 1)
        {
            _onDevice[(block + 1) % 2].CopyFromBeside(Read(order, block + 1));
        }

        int length = _images.Shape.Length;
        return onDevice.View.Slice((start - first) * length, count * length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DeviceBuffer<byte> block in _onDevice)
        {
            block.Dispose();
        }
    }

    /// <summary>Reads the images of a block, which its buffer then holds.</summary>
    private ReadOnlySpan<byte> Read(ReadOnlySpan<int> order, int block)
    {
        int length = _images.Shape.Length;
        int first = block * _imagesOfBlock;
        ReadOnlySpan<int> indices = order[first..Math.Min(first + _imagesOfBlock, order.Length)];
        for (int n = 0; n < indices.Length; n++)
        {
            _images.CopyTo(indices[n], _onHost.AsSpan(n * length, length));
        }

        _held[block % 2] = block;
        return _onHost.AsSpan(0, indices.Length * length);
    }
}
