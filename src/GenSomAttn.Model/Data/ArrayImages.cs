using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Images of an array in a shape that the models take. Square ones of a side divisible by 4 keep their bytes; others get black around
/// them, and those that are too large are downsampled.
/// </summary>
internal sealed class ArrayImages
{
    private const int SmallestPadded = 8;
    private const int LargestRead = 65_535;

    private readonly ArrayContent _content;
    private readonly int _height;
    private readonly int _width;
    private readonly bool _isTransposed;

    private ArrayImages(ArrayContent content, bool isTransposed)
    {
        _content = content;
        _isTransposed = isTransposed;
        int channels = content.Dimensions.Length == 4 ? content.Dimensions[3] : ImageShape.Gray;
        (_height, _width) = isTransposed ? (content.Dimensions[2], content.Dimensions[1]) : (content.Dimensions[1], content.Dimensions[2]);
        int longer = Math.Max(_height, _width);
        bool isTaken = _height == _width && Dataset.IsSide(_height);
        int padded = Math.Max(SmallestPadded, (longer + 3) / 4 * 4);
        Shape = new ImageShape(isTaken ? _height : Math.Min(padded, Dataset.MaxSide), channels);
        Note = isTaken ? null : $"images of {_height} x {_width} are "
            + (longer <= Dataset.MaxSide ? "laid in the middle of" : "downsampled and laid in the middle of")
            + $" black ones of {Shape.Side} x {Shape.Side}, since models take square images of a side divisible by 4";
    }

    /// <summary>Shape of an image.</summary>
    public ImageShape Shape { get; }

    /// <summary>What is done to fit them, for the user; null if nothing is.</summary>
    public string? Note { get; }

    /// <summary>Describes the images of an array.</summary>
    /// <param name="content">The array.</param>
    /// <param name="isTransposed">Whether rows and columns are exchanged in it.</param>
    /// <exception cref="DataException">An image, or all of them, are too large.</exception>
    public static ArrayImages Of(ArrayContent content, bool isTransposed)
    {
        (int height, int width) = (content.Dimensions[1], content.Dimensions[2]);
        if (height > LargestRead || width > LargestRead)
        {
            throw new DataException(
                $"Cannot use {content.Path}: its images are {height} x {width}. Resize them to at most {LargestRead} in each direction.");
        }

        ArrayImages images = new(content, isTransposed);
        long bytes = (long)content.Kept * images.Shape.Length;
        return bytes <= Array.MaxLength
            ? images
            : throw new DataException($"Cannot use {content.Path}: its {content.Kept} images would take {bytes} bytes as {images.Shape}, "
                + $"more than the {Array.MaxLength} possible. Make a file of fewer or smaller images.");
    }

    /// <summary>Returns the values of all images, (Count, S, S, C); those of a file are made when they are used.</summary>
    public StoredBytes ToPixels()
    {
        if (Note is null && !_isTransposed)
        {
            return _content.Values;
        }

        var fitted = new FittedBytes(this, _content.Kept);
        return _content.Values.IsInMemory ? StoredBytes.Of(fitted.Memory) : fitted;
    }

    /// <summary>Writes one image, (S, S, C).</summary>
    private void Fit(int image, Span<byte> square)
    {
        byte[] stored = new byte[_height * _width * Shape.Channels];
        _content.Values.CopyTo(image * stored.Length, stored);
        DecodedPicture picture = Upright(stored);
        if (Math.Max(_height, _width) > Shape.Side)
        {
            SquareResize.ToSquare(picture, Shape.Side, PictureFit.Pad, background: 0).CopyTo(square);
        }
        else
        {
            square.Clear();
            CopyToMiddle(picture.Pixels, square);
        }
    }

    private DecodedPicture Upright(ReadOnlySpan<byte> image)
    {
        int channels = Shape.Channels;
        byte[] pixels = new byte[image.Length];
        if (!_isTransposed)
        {
            image.CopyTo(pixels);
        }
        else
        {
            for (int i = 0; i < pixels.Length; i += channels)
            {
                (int y, int x) = Math.DivRem(i / channels, _width);
                image.Slice(((x * _height) + y) * channels, channels).CopyTo(pixels.AsSpan(i));
            }
        }

        return new DecodedPicture(_width, _height, channels, pixels);
    }

    /// <summary>Copies the rows; of an odd number of black rows or columns, one more is at the lower or right edge.</summary>
    private void CopyToMiddle(ReadOnlySpan<byte> image, Span<byte> square)
    {
        int row = _width * Shape.Channels;
        (int top, int left) = ((Shape.Side - _height) / 2, (Shape.Side - _width) / 2);
        for (int y = 0; y < _height; y++)
        {
            image.Slice(y * row, row).CopyTo(square[((((top + y) * Shape.Side) + left) * Shape.Channels)..]);
        }
    }

    /// <summary>The first images of an array, made from its values when they are used.</summary>
    private sealed class FittedBytes : StoredBytes
    {
        private readonly ArrayImages _images;
        private readonly int _itemLength;
        private readonly Lazy<byte[]> _all;

        public FittedBytes(ArrayImages images, int count)
        {
            _images = images;
            _itemLength = images.Shape.Length;
            Length = count * _itemLength;
            _all = new Lazy<byte[]>(() =>
            {
                byte[] all = new byte[Length];
                CopyTo(0, all);
                return all;
            });
        }

        public override int Length { get; }

        public override ReadOnlyMemory<byte> Memory => _all.Value;

        public override void CopyTo(int start, Span<byte> destination)
        {
            byte[] image = new byte[_itemLength];
            (int item, int inItem) = Math.DivRem(start, _itemLength);
            for (; !destination.IsEmpty; item++, inItem = 0)
            {
                _images.Fit(item, image);
                int length = Math.Min(_itemLength - inItem, destination.Length);
                image.AsSpan(inItem, length).CopyTo(destination);
                destination = destination[length..];
            }
        }

        public override StoredBytes First(int length) => new FittedBytes(_images, length / _itemLength);
    }
}
