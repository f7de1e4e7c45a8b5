using GenSomAttn.Backends;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// The images of a set as bytes on the device, with their labels on the host; of a set in a file, or one that is too large for the device,
/// only those of a batch (streaming). Batches are converted to float on the device.
/// </summary>
public sealed class DeviceImages : IDisposable
{
    /// <summary>Default of the share of the free memory above which a set is streamed.</summary>
    internal const double LargestShare = 0.5;

    private const int PartBytes = 1 << 24;
    private readonly Backend<float> _backend;
    private readonly ImageSet _images;
    private readonly byte[]? _batchOnHost;
    private readonly DeviceBuffer<byte> _pixels;
    private readonly DeviceBuffer<int> _firstIndices;
    private readonly DeviceBuffer<float> _batch;

    /// <summary>Copies the images to the device, unless they are streamed.</summary>
    /// <param name="backend">Backend of the device.</param>
    /// <param name="images">The images, possibly none. If the device is the host, they are not copied and must not change.</param>
    /// <param name="maxBatch">Images of the largest batch.</param>
    /// <param name="largestShare">Share of the free memory of the device above which a set is streamed.</param>
    public DeviceImages(Backend<float> backend, ImageSet images, int maxBatch, double largestShare = LargestShare)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(images);
        _backend = backend;
        _images = images;
        Count = images.Count;
        ImageLength = images.Shape.Length;
        Labels = images.Labels;
        bool isTooLarge = (double)Count * ImageLength > largestShare * backend.FreeBytes;
        bool isStreamed = isTooLarge || (backend.ComputesInHostMemory && !images.IsInMemory);
        _batchOnHost = isStreamed ? new byte[maxBatch * ImageLength] : null;
        _pixels = PixelsOnDevice();
        _batch = backend.Allocate<float>(maxBatch * ImageLength);
        _firstIndices = backend.Allocate<int>(maxBatch);
        _firstIndices.CopyFrom([.. Enumerable.Range(0, maxBatch)]);
    }

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>Whether the images are streamed to a device with memory of its own.</summary>
    internal bool IsUploaded => _batchOnHost is not null && !_backend.ComputesInHostMemory;

    /// <summary>Values of an image, S·S·C.</summary>
    public int ImageLength { get; }

    /// <summary>Bytes allocated on the device.</summary>
    public long DeviceBytes => _pixels.Length + (sizeof(int) * (long)_firstIndices.Length) + (sizeof(float) * (long)_batch.Length);

    /// <summary>Class of each image.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Gathers the images at indices as floats in [0, 1], (N, S·S·C); valid until the next call.</summary>
    /// <param name="indices">(N).</param>
    /// <param name="indicesOnHost">The same indices.</param>
    /// <exception cref="DataException">The file of the images was changed.</exception>
    public DeviceView<float> Gather(DeviceView<int> indices, ReadOnlySpan<int> indicesOnHost)
    {
        if (_batchOnHost is null)
        {
            return Gather(_pixels.View, indices);
        }

        for (int n = 0; n < indicesOnHost.Length; n++)
        {
            _images.CopyTo(indicesOnHost[n], _batchOnHost.AsSpan(n * ImageLength, ImageLength));
        }

        return GatherFromHost(indicesOnHost.Length);
    }

    /// <summary>Gathers consecutive images as floats in [0, 1], (count, S·S·C); valid until the next call.</summary>
    /// <exception cref="DataException">The file of the images was changed.</exception>
    public DeviceView<float> Range(int start, int count)
    {
        if (_batchOnHost is null)
        {
            return Convert(_pixels.View.Slice(start * ImageLength, count * ImageLength));
        }

        _images.CopyTo(start, _batchOnHost.AsSpan(0, count * ImageLength));
        return GatherFromHost(count);
    }

    /// <summary>Converts the pixels of a batch on the device to floats in [0, 1], (N, S·S·C); valid until the next call.</summary>
    internal DeviceView<float> Convert(DeviceView<byte> pixels) => Gather(pixels, _firstIndices.View.First(pixels.Length / ImageLength));

    /// <inheritdoc/>
    public void Dispose()
    {
        _pixels.Dispose();
        _batch.Dispose();
        _firstIndices.Dispose();
    }

    private DeviceBuffer<byte> PixelsOnDevice()
    {
        // A buffer has at least one element, and a data set may have no test images.
        if (Count == 0 || _batchOnHost is not null)
        {
            return _backend.Allocate<byte>(_batchOnHost?.Length ?? 1);
        }

        if (_images.IsInMemory)
        {
            return _backend.Adopt(_images.Pixels);
        }

        DeviceBuffer<byte> pixels = _backend.Allocate<byte>(Count * ImageLength);
        int imagesOfPart = Math.Max(1, PartBytes / ImageLength);
        byte[] part = new byte[imagesOfPart * ImageLength];
        for (int first = 0; first < Count; first += imagesOfPart)
        {
            Span<byte> some = part.AsSpan(0, Math.Min(imagesOfPart, Count - first) * ImageLength);
            _images.CopyTo(first, some);
            pixels.CopyFrom(some, first * ImageLength);
        }

        return pixels;
    }

    private DeviceView<float> GatherFromHost(int count)
    {
        int length = count * ImageLength;
        _pixels.CopyFrom(_batchOnHost.AsSpan(0, length));
        return Convert(_pixels.View.First(length));
    }

    private DeviceView<float> Gather(DeviceView<byte> pixels, DeviceView<int> indices)
    {
        DeviceView<float> batch = _batch.View.First(indices.Length * ImageLength);
        _backend.GatherImages(pixels, indices, ImageLength, batch);
        return batch;
    }
}
