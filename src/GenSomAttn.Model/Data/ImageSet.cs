namespace GenSomAttn.Model.Data;

/// <summary>Square gray images with a label each. The pixels stay bytes; a backend turns the images of a batch into floats.</summary>
public sealed class ImageSet
{
    /// <summary>Creates a set over arrays, which are not copied.</summary>
    /// <param name="pixels">(Count, Side, Side), 0 black to 255 white.</param>
    /// <param name="labels">(Count).</param>
    /// <param name="side">Rows and columns of an image.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public ImageSet(byte[] pixels, byte[] labels, int side)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (pixels.Length != ((long)labels.Length * side * side))
        {
            throw new ArgumentException($"ImageSet: {pixels.Length} pixels, expected {labels.Length} · {side} · {side}.", nameof(pixels));
        }

        Pixels = pixels;
        Labels = labels;
        Side = side;
    }

    /// <summary>(Count, Side, Side), 0 black to 255 white.</summary>
    public byte[] Pixels { get; }

    /// <summary>The class of each image, (Count).</summary>
    public byte[] Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows and columns of an image.</summary>
    public int Side { get; }

    /// <summary>Returns the first images.</summary>
    /// <param name="count">Maximum number of images.</param>
    public ImageSet First(int count) => count >= Count ? this : new(Pixels[..(count * Side * Side)], Labels[..count], Side);
}
