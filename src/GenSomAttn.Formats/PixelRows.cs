namespace GenSomAttn.Formats;

/// <summary>
/// Builder of a picture from the decoder's rows: high bytes of the samples, palette colors, the background behind transparent pixels, and
/// the mean over squares of a large picture. Rows come from the top.
/// </summary>
internal sealed class PixelRows
{
    private const int LargePixels = 16_000_000;
    private const int LeastSide = 1024;
    private const int AlphaAt = 3;

    private readonly CheckedPicture _file;
    private readonly byte _background;
    private readonly int _channels;

    /// <summary>Pixels on a side of the squares that are averaged.</summary>
    private readonly int _scale;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;
    private readonly byte[] _row;
    private readonly int[] _sums;
    private int _rows;
    private bool _wasTransparent;

    /// <summary>Plans the picture.</summary>
    /// <param name="file">Sizes, samples and palette.</param>
    /// <param name="background">The gray behind transparent pixels.</param>
    public PixelRows(CheckedPicture file, byte background)
    {
        _file = file;
        _background = background;
        _channels = file.Samples == 1 && file.Palette.Length == 0 ? 1 : 3;
        _scale = 1;
        while ((long)file.Width * file.Height > LargePixels && Math.Min(file.Width, file.Height) >= 2 * _scale * LeastSide)
        {
            _scale *= 2;
        }

        _width = (file.Width + _scale - 1) / _scale;
        _height = (file.Height + _scale - 1) / _scale;
        _pixels = new byte[_width * _height * _channels];
        _row = new byte[file.Width * _channels];
        _sums = new int[_scale > 1 ? _width * _channels : 0];
    }

    /// <summary>Adds a row.</summary>
    /// <param name="samples">(Width, Samples, SampleBytes), little-endian.</param>
    public void Add(ReadOnlySpan<byte> samples)
    {
        Span<byte> row = _scale == 1 ? _pixels.AsSpan(_rows * _row.Length, _row.Length) : _row;
        if (_file.Palette.Length > 0)
        {
            ReadColors(samples, row);
        }
        else if (_file.Samples == 4)
        {
            ReadOverBackground(samples, row);
        }
        else
        {
            int bytes = _file.SampleBytes;
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = samples[(i * bytes) + bytes - 1];
            }
        }

        _rows++;
        if (_scale > 1)
        {
            AddToSquares(row);
        }
    }

    /// <summary>Returns the picture of all rows.</summary>
    public DecodedPicture ToPicture() => new DecodedPicture(_width, _height, _channels, _pixels) { WasTransparent = _wasTransparent }
        .WithoutEqualChannels().Upright(_file.Orientation);

    private void ReadColors(ReadOnlySpan<byte> samples, Span<byte> row)
    {
        int colors = _file.Palette.Length / 4;
        int stretch = 255 / ((1 << _file.PaletteBits) - 1);
        for (int x = 0; x < samples.Length; x++)
        {
            int color = samples[x] / stretch;
            if (color >= colors)
            {
                throw new InvalidDataException($"a pixel has color {color} of a palette of {colors}.");
            }

            LayOver(_file.Palette.AsSpan(4 * color, 4), row.Slice(3 * x, 3));
        }
    }

    private void ReadOverBackground(ReadOnlySpan<byte> samples, Span<byte> row)
    {
        int bytes = _file.SampleBytes;
        Span<byte> rgba = stackalloc byte[4];
        for (int x = 0; x < row.Length / 3; x++)
        {
            for (int sample = 0; sample < rgba.Length; sample++)
            {
                rgba[sample] = samples[(((4 * x) + sample) * bytes) + bytes - 1];
            }

            LayOver(rgba, row.Slice(3 * x, 3));
        }
    }

    /// <summary>color = (α · color + (255 - α) · background) / 255, rounded to the nearest.</summary>
    private void LayOver(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        int alpha = rgba[AlphaAt];
        _wasTransparent |= alpha < 255;
        for (int channel = 0; channel < rgb.Length; channel++)
        {
            rgb[channel] = (byte)(((alpha * rgba[channel]) + ((255 - alpha) * _background) + 127) / 255);
        }
    }

    /// <summary>Adds a row to the sums of its squares; after the last row of the squares, writes their means.</summary>
    private void AddToSquares(ReadOnlySpan<byte> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            _sums[(i / _channels / _scale * _channels) + (i % _channels)] += row[i];
        }

        if (_rows % _scale != 0 && _rows != _file.Height)
        {
            return;
        }

        int high = ((_rows - 1) % _scale) + 1;
        Span<byte> means = _pixels.AsSpan((_rows - 1) / _scale * _sums.Length, _sums.Length);
        for (int i = 0; i < means.Length; i++)
        {
            int wide = Math.Min(_scale, _file.Width - (i / _channels * _scale));
            means[i] = (byte)((_sums[i] + (high * wide / 2)) / (high * wide));
        }

        Array.Clear(_sums);
    }
}
