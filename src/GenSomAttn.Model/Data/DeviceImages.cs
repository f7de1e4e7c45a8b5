using GenSomAttn.Backends;

namespace GenSomAttn.Model.Data;

/// <summary>
/// The images of a set as bytes on the device, with their labels on the host. Batches are converted to float on the device.
/// </summary>
public sealed class DeviceImages : IDisposable
{
    private readonly Backend<float> _backend;
    private readonly DeviceBuffer<byte> _pixels;
    private readonly DeviceBuffer<int> _firstIndices;
    private readonly DeviceBuffer<float> _batch;

    /// <summary>Copies the images to the device.</summary>
    /// <param name="backend">Backend of the device.</param>
    /// <param name="images">The images, possibly none. If the device is the host, they are not copied and must not change.</param>
    /// <param name="maxBatch">Images of the largest batch.</param>
    public DeviceImages(Backend<float> backend, ImageSet images, int maxBatch)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(images);
        _backend = backend;
        Count = images.Count;
        ImageLength = images.Shape.Length;
        Labels = images.Labels;

        // A buffer has at least one element, and a data set may have no test images.
        _pixels = images.Count > 0 ? backend.Adopt(images.Pixels) : backend.Allocate<byte>(1);
        _batch = backend.Allocate<float>(maxBatch * ImageLength);
        _firstIndices = backend.Allocate<int>(maxBatch);
        _firstIndices.CopyFrom([.. Enumerable.Range(0, maxBatch)]);
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Values of an image, S·S·C.</summary>
    public int ImageLength { get; }

    /// <summary>Bytes allocated on the device.</summary>
    public long DeviceBytes => _pixels.Length + (sizeof(int) * (long)_firstIndices.Length) + (sizeof(float) * (long)_batch.Length);

    /// <summary>Class of each image.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gathers the images at indices as floats in [0, 1], (N, S·S·C); valid until the next call.</summary>
    public DeviceView<float> Gather(DeviceView<int> indices)
    {
        DeviceView<float> batch = _batch.View.First(indices.Length * ImageLength);
        _backend.GatherImages(_pixels.View, indices, ImageLength, batch);
        return batch;
    }

    /// <summary>Gathers consecutive images as floats in [0, 1], (count, S·S·C); valid until the next call.</summary>
    public DeviceView<float> Range(int start, int count)
    {
        DeviceView<float> batch = _batch.View.First(count * ImageLength);
        DeviceView<byte> pixels = _pixels.View.Slice(start * ImageLength, count * ImageLength);
        _backend.GatherImages(pixels, _firstIndices.View.First(count), ImageLength, batch);
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
