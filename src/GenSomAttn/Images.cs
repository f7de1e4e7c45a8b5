using System.Globalization;
using GenSomAttn.Model.Data;

namespace GenSomAttn;

/// <summary>
/// Square images of one shape, kept as bytes: N images, S rows and columns, C channels. Immutable, so that any number of threads and
/// trainings may share one.
/// </summary>
public sealed class Images
{
    private Images(ImageSet set) => Set = set;

    /// <summary>Copies images of bytes.</summary>
    /// <param name="pixels">(N, S, S, C), row by row, the channels of a pixel side by side; 0 dark to 255 bright.</param>
    /// <param name="side">S, a multiple of 4 from 4 to 512.</param>
    /// <param name="channels">C: 1 gray, 3 red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side or the channels are none of these.</exception>
    /// <exception cref="ArgumentException">There is no image, or the length is no multiple of S·S·C.</exception>
    public Images(ReadOnlySpan<byte> pixels, int side, int channels = ImageShape.Gray)
        : this(SetOf(pixels, ShapeOf(side, channels)))
    {
    }

    /// <summary>Copies images of floats, rounded to 255 steps.</summary>
    /// <param name="pixels">(N, S, S, C), row by row, the channels of a pixel side by side; 0 dark to 1 bright.</param>
    /// <param name="side">S, a multiple of 4 from 4 to 512.</param>
    /// <param name="channels">C: 1 gray, 3 red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side or the channels are none of these.</exception>
    /// <exception cref="ArgumentException">
    /// There is no image, the length is no multiple of S·S·C, or a value is NaN or not in [0, 1].
    /// </exception>
    public Images(ReadOnlySpan<float> pixels, int side, int channels = ImageShape.Gray)
        : this(SetOf(ToBytes(pixels, ShapeOf(side, channels)), ShapeOf(side, channels)))
    {
    }

    /// <summary>N, number of images.</summary>
    public int Count => Set.Count;

    /// <summary>S, rows and columns of an image.</summary>
    public int Side => Set.Side;

    /// <summary>C, channels: 1 gray, 3 red, green and blue.</summary>
    public int Channels => Set.Shape.Channels;

    /// <summary>Paths of the picture files, (N); empty for images of an array.</summary>
    public IReadOnlyList<string> Files => Set.Names ?? [];

    internal ImageSet Set { get; }

    /// <summary>
    /// Reads pictures (PNG, JPEG, BMP, GIF, WebP): the square in the middle of each, resized. Files that are no pictures are passed over.
    /// </summary>
    /// <param name="path">A picture, or a folder of pictures at any depth.</param>
    /// <param name="side">S, a multiple of 4 from 4 to 512.</param>
    /// <param name="channels">C: 1 gray, 3 red, green and blue.</param>
    /// <exception cref="ArgumentOutOfRangeException">The side or the channels are none of these.</exception>
    /// <exception cref="InvalidDataException">There is no such path, it holds no picture, or a picture is damaged.</exception>
    public static Images Read(string path, int side = 28, int channels = ImageShape.Gray)
    {
        ArgumentNullException.ThrowIfNull(path);
        _ = ShapeOf(side, channels);
        try
        {
            var files = new PictureFiles([path], new DataOptions(ImageSize: side, Channels: channels) { AdvisesSkipping = false });
            return new Images(files.Read(files.Count).Single());
        }
        catch (Exception exception) when (Faults.Explain(exception) is { } known)
        {
            throw known;
        }
    }

    /// <summary>Returns the pixels as the methods of <see cref="GenerativeMap"/> take them: (N, S, S, C), 0 dark to 1 bright.</summary>
    public float[] ToArray() => Set.ToFloats();

    private static ImageShape ShapeOf(int side, int channels)
    {
        if (!Dataset.IsSide(side))
        {
            throw new ArgumentOutOfRangeException(nameof(side), side, $"Give a multiple of 4 from 4 to {Dataset.MaxSide}.");
        }

        return channels is ImageShape.Gray or ImageShape.Color
            ? new ImageShape(side, channels)
            : throw new ArgumentOutOfRangeException(nameof(channels), channels, "Give 1 for gray or 3 for red, green and blue.");
    }

    private static ImageSet SetOf(ReadOnlySpan<byte> pixels, ImageShape shape) =>
        new(pixels.ToArray(), new int[Faults.CountOf(pixels.Length, shape.Length, nameof(pixels))], shape);

    private static byte[] ToBytes(ReadOnlySpan<float> pixels, ImageShape shape)
    {
        Faults.CountOf(pixels.Length, shape.Length, nameof(pixels));
        Faults.CheckPixels(pixels, shape.Length);
        byte[] bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)MathF.Round(pixels[i] * byte.MaxValue);
        }

        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} images of {Set.Shape}");
}
