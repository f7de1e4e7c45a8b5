using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Images of a set while they are read: gray until the first color image comes, then all of them color.</summary>
internal sealed class ImageBuffer
{
    private readonly int _pixelsOfImage;
    private readonly int _capacity;
    private readonly List<int> _labels;
    private readonly List<string> _names;
    private readonly string? _spool;
    private Pixels _values;

    /// <summary>Allocates a set.</summary>
    /// <param name="capacity">Maximum number of images.</param>
    /// <param name="shape">Side, and the channels to begin with.</param>
    /// <param name="spool">As <see cref="DataOptions.Spool"/>.</param>
    /// <exception cref="DataException">There are too many pixels for one set.</exception>
    public ImageBuffer(int capacity, ImageShape shape, string? spool = null)
    {
        _spool = spool;
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

        _values.Add(channels == Channels ? pixels : ToColor(pixels));
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

        StoredBytes grays = _values.ToBytes();
        Channels = ImageShape.Color;
        _values = Allocate();
        byte[] gray = new byte[_pixelsOfImage];
        for (int n = 0; n < Count; n++)
        {
            grays.CopyTo(n * _pixelsOfImage, gray);
            _values.Add(ToColor(gray));
        }
    }

    /// <summary>Returns the set of all added images.</summary>
    public ImageSet ToSet() => new(_values.ToBytes(), [.. _labels], new ImageShape(Side, Channels)) { Names = [.. _names] };

    private Pixels Allocate()
    {
        long length = (long)_capacity * _pixelsOfImage * Channels;
        return length <= Array.MaxLength
            ? new Pixels((int)length, _spool)
            : throw new DataException($"{_capacity} pictures would take {length} bytes at {Side} x {Side} pixels and {Channels} channels, "
                + $"more than the {Array.MaxLength} possible: give a smaller --image-size, or --channels gray.");
    }

    private static byte[] ToColor(ReadOnlySpan<byte> grays)
    {
        byte[] rgb = new byte[ImageShape.Color * grays.Length];
        for (int i = 0; i < grays.Length; i++)
        {
            rgb.AsSpan(ImageShape.Color * i, ImageShape.Color).Fill(grays[i]);
        }

        return rgb;
    }

    /// <summary>Values one after another, in memory or in a temporary file.</summary>
    private sealed class Pixels(int capacity, string? spool)
    {
        private readonly byte[] _memory = spool is null ? new byte[capacity] : [];
        private readonly SpoolFile? _file = spool is null ? null : SpoolFile.Create($"{spool}.{Guid.NewGuid():N}.tmp");
        private int _length;

        public void Add(ReadOnlySpan<byte> values)
        {
            if (_file is null)
            {
                values.CopyTo(_memory.AsSpan(_length));
            }
            else
            {
                _file.Add(values);
            }

            _length += values.Length;
        }

        public StoredBytes ToBytes() => _file?.ToBytes() ?? StoredBytes.Of(_memory.AsMemory(0, _length));
    }
}
