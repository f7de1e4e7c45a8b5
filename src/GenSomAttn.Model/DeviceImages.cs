using GenSomAttn.Backends;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model;

/// <summary>The images of a set on the device, as bytes, with their labels on the host. Batches of floats are made from them.</summary>
public sealed class DeviceImages : IDisposable
{
    private readonly IBackend _backend;
    private readonly DeviceBuffer<byte> _pixels;
    private readonly DeviceBuffer<int> _firstIndices;
    private readonly DeviceBuffer<float> _batch;

    /// <summary>Brings the images to the device.</summary>
    /// <param name="backend">Whose device.</param>
    /// <param name="images">The images. Where the device is the host, they are not copied, and nobody may change them.</param>
    /// <param name="maxBatch">Images of the largest batch.</param>
    public DeviceImages(IBackend backend, ImageSet images, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(images);
        _backend = backend;
        Count = images.Count;
        PixelsPerImage = images.Side * images.Side;
        Labels = images.Labels;
        _pixels = backend.Adopt(images.Pixels);
        _batch = backend.Allocate<float>(maxBatch * PixelsPerImage);
        _firstIndices = backend.Allocate<int>(maxBatch);
        _firstIndices.CopyFrom([.. Enumerable.Range(0, maxBatch)]);
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Pixels of an image.</summary>
    public int PixelsPerImage { get; }

    /// <summary>Bytes that they take on the device.</summary>
    public long DeviceBytes => _pixels.Length + (sizeof(int) * (long)_firstIndices.Length) + (sizeof(float) * (long)_batch.Length);

    /// <summary>Class of each image.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>The images of some indices as floats in [0, 1], (N, S·S); valid until the next call.</summary>
    public DeviceView<float> Gather(DeviceView<int> indices)
    {
        DeviceView<float> batch = _batch.View.First(indices.Length * PixelsPerImage);
        _backend.GatherImages(_pixels.View, indices, PixelsPerImage, batch);
        return batch;
    }

    /// <summary>Consecutive images as floats in [0, 1], (count, S·S); valid until the next call.</summary>
    public DeviceView<float> Range(int start, int count)
    {
        DeviceView<float> batch = _batch.View.First(count * PixelsPerImage);
        DeviceView<byte> pixels = _pixels.View.Slice(start * PixelsPerImage, count * PixelsPerImage);
        _backend.GatherImages(pixels, _firstIndices.View.First(count), PixelsPerImage, batch);
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pixels.Dispose();
        _batch.Dispose();
        _firstIndices.Dispose();
    }
}
