using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Images of a set while they are read: gray until the first color image comes, then all of them color.</summary>
internal sealed class ImageBuffer
{
    private readonly int _pixelsOfImage;
    private readonly int _capacity;
    private readonly List<int> _labels;
    private readonly List<string> _names;
    private byte[] _values;

    /// <summary>Allocates a set.</summary>
    /// <param name="capacity">Maximum number of images.</param>
    /// <param name="shape">Side, and the channels to begin with.</param>
    /// <exception cref="DataException">There are too many pixels for one set.</exception>
    public ImageBuffer(int capacity, ImageShape shape)
    {
        _capacity = capacity;
        _pixelsOfImage = shape.Side * shape.Side;
        _labels = new List<int>(capacity);
        _names = new List<string>(capacity);
        Side = shape.Side;
        Channels = shape.Channels;
        _values = Allocate();
    }

    /// <summary>Number of images.</summary>
    public int Count => _labels.Count;

    /// <summary>Channels of the images, 1 or 3.</summary>
    public int Channels { get; private set; }

    private int Side { get; }

    /// <summary>Adds an image of one or three channels.</summary>
    public void Add(ReadOnlySpan<byte> pixels, int label, string name)
    {
        int channels = pixels.Length / _pixelsOfImage;
        if (channels > Channels)
        {
            MakeColor();
        }

        Span<byte> to = _values.AsSpan(Count * _pixelsOfImage * Channels, _pixelsOfImage * Channels);
        if (channels == Channels)
        {
            pixels.CopyTo(to);
        }
        else
        {
            ToColor(pixels, to);
        }

        _labels.Add(label);
        _names.Add(name);
    }

    /// <summary>Makes gray images color: red, green and blue are the gray.</summary>
    /// <exception cref="DataException">There are too many pixels for one set.</exception>
    public void MakeColor()
    {
        if (Channels == ImageShape.Color)
        {
            return;
        }

        byte[] grays = _values;
        Channels = ImageShape.Color;
        _values = Allocate();
        ToColor(grays.AsSpan(0, Count * _pixelsOfImage), _values);
    }

    /// <summary>Returns the set of all added images.</summary>
    public ImageSet ToSet() => new(
        _values.AsMemory(0, Count * _pixelsOfImage * Channels), [.. _labels], new ImageShape(Side, Channels))
    { Names = [.. _names] };

    private byte[] Allocate()
    {
        long length = (long)_capacity * _pixelsOfImage * Channels;
        return length <= Array.MaxLength
            ? new byte[length]
            : throw new DataException($"{_capacity} pictures would take {length} bytes at {Side} x {Side} pixels and {Channels} channels, "
                + $"more than the {Array.MaxLength} possible: give a smaller --image-size, or --channels gray.");
    }

    private static void ToColor(ReadOnlySpan<byte> grays, Span<byte> rgb)
    {
        for (int i = 0; i < grays.Length; i++)
        {
            rgb.Slice(3 * i, 3).Fill(grays[i]);
        }
    }
}
