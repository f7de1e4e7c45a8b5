using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Square images, gray or color, with a label each. The pixels stay bytes; a backend turns the images of a batch into floats.
/// </summary>
public sealed class ImageSet
{
    private readonly StoredBytes _pixels;

    /// <summary>Creates a set over memory that is not copied.</summary>
    /// <param name="pixels">(Count, S, S, C), 0 dark to 255 bright.</param>
    /// <param name="labels">(Count).</param>
    /// <param name="shape">Shape of an image.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or the images are neither gray nor color.</exception>
    public ImageSet(ReadOnlyMemory<byte> pixels, int[] labels, ImageShape shape)
        : this(StoredBytes.Of(pixels), labels, shape)
    {
    }

    /// <summary>Creates a set over bytes that are not copied.</summary>
    /// <param name="pixels">(Count, S, S, C), 0 dark to 255 bright.</param>
    /// <param name="labels">(Count).</param>
    /// <param name="shape">Shape of an image.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other, or the images are neither gray nor color.</exception>
    public ImageSet(StoredBytes pixels, int[] labels, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (shape.Channels is not (ImageShape.Gray or ImageShape.Color))
        {
            throw new ArgumentException($"ImageSet: {shape.Channels} channels, expected 1 or 3.", nameof(shape));
        }

        if (pixels.Length != (long)labels.Length * shape.Length)
        {
            throw new ArgumentException(
                $"ImageSet: {pixels.Length} values, expected {labels.Length} · {shape.Side} · {shape.Side} · {shape.Channels}.",
                nameof(pixels));
        }

        _pixels = pixels;
        Labels = labels;
        Shape = shape;
    }

    /// <summary>(Count, S, S, C), in memory or in a file.</summary>
    internal StoredBytes Stored => _pixels;

    /// <summary>Whether the pixels are in memory; otherwise they stay in an IDX file that is not compressed.</summary>
    public bool IsInMemory => _pixels.IsInMemory;

    /// <summary>(Count, S, S, C), 0 dark to 255 bright; those of a file are read as a whole and kept.</summary>
    /// <exception cref="DataException">The file was changed.</exception>
    public ReadOnlyMemory<byte> Pixels => _pixels.Memory;

    /// <summary>The class of each image, (Count).</summary>
    public int[] Labels { get; }

    /// <summary>
    /// Name of each image, (Count): folders and file below the data folder, separated by slashes. Null of images without files of their
    /// own.
    /// </summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Shape of an image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Rows and columns of an image.</summary>
    public int Side => Shape.Side;

    /// <summary>Copies consecutive images.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="pixels">(images, S, S, C).</param>
    /// <exception cref="DataException">The file of the images was changed.</exception>
    public void CopyTo(int first, Span<byte> pixels) => _pixels.CopyTo(first * Shape.Length, pixels);

    /// <summary>Returns all values as floats in [0, 1], (Count, S, S, C).</summary>
    public float[] ToFloats()
    {
        ReadOnlySpan<byte> pixels = Pixels.Span;
        float[] values = new float[pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = pixels[i] / 255f;
        }

        return values;
    }

    /// <summary>Returns the first images.</summary>
    /// <param name="count">Maximum number of images.</param>
    public ImageSet First(int count) => count >= Count ? this : new(_pixels.First(count * Shape.Length), Labels[..count], Shape)
    {
        Names = Names?.Take(count).ToArray(),
    };

    /// <summary>Returns the images at indices, in their order.</summary>
    public ImageSet At(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return new ImageSet(_pixels.Pick(indices, Shape.Length), [.. indices.Select(index => Labels[index])], Shape)
        {
            Names = Names is null ? null : [.. indices.Select(index => Names[index])],
        };
    }
}
