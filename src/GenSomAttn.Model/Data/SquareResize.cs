using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Resize of pictures to square images, in integer arithmetic, so that every machine gets the same pixels. Downsampling averages the area
/// that a pixel covers (box filter); upsampling is bilinear between pixel centers.
/// </summary>
public static class SquareResize
{
    /// <summary>Resizes a picture to a square.</summary>
    /// <param name="picture">
    /// The picture. If an odd number of rows or columns is cropped or padded, one more goes at the lower or right edge.
    /// </param>
    /// <param name="side">Rows and columns of the result.</param>
    /// <param name="fit">What happens to a picture that is not square.</param>
    /// <param name="background">The gray beside a picture that is padded.</param>
    /// <returns>(side, side, the picture's channels), rounded to the nearest, halves up.</returns>
    public static byte[] ToSquare(DecodedPicture picture, int side, PictureFit fit = PictureFit.Crop, byte background = 255)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        (int width, int height) = (picture.Width, picture.Height);
        (int shorter, int longer) = (Math.Min(width, height), Math.Max(width, height));
        int channels = picture.Channels;
        switch (fit)
        {
            case PictureFit.Crop:
                Span<byte> square = picture.Pixels.AsSpan((((height - shorter) / 2 * width) + ((width - shorter) / 2)) * channels);
                return Resize(square, width, Taps.Of(shorter, side), Taps.Of(shorter, side), channels);
            case PictureFit.Stretch:
                return Resize(picture.Pixels, width, Taps.Of(width, side), Taps.Of(height, side), channels);
            case PictureFit.Pad:
                int columns = Math.Max(1, ((2 * width * side) + longer) / (2 * longer));
                int rows = Math.Max(1, ((2 * height * side) + longer) / (2 * longer));
                byte[] whole = Resize(picture.Pixels, width, Taps.Of(width, columns), Taps.Of(height, rows), channels);
                return Pad(whole, columns, rows, side, channels, background);
            default:
                throw new ArgumentOutOfRangeException(nameof(fit), fit, "No way to fit a picture.");
        }
    }

    /// <summary>Resizes a part of a picture, (height of down, width of across) of rows with a stride.</summary>
    private static byte[] Resize(ReadOnlySpan<byte> pixels, int stride, Taps across, Taps down, int channels)
    {
        // The rows first, into (old height, new width, channels).
        int length = across.Count * channels;
        int[] narrow = new int[down.Size * length];
        for (int y = 0; y < down.Size; y++)
        {
            ReadOnlySpan<byte> row = pixels[(y * stride * channels)..];
            for (int i = 0; i < length; i++)
            {
                (int first, int[] weights) = across[i / channels];
                int at = (first * channels) + (i % channels);
                int sum = 0;
                foreach (int weight in weights)
                {
                    sum += weight * row[at];
                    at += channels;
                }

                narrow[(y * length) + i] = sum;
            }
        }

        byte[] resized = new byte[down.Count * length];
        long total = (long)across.Total * down.Total;
        for (int i = 0; i < resized.Length; i++)
        {
            (int first, int[] weights) = down[i / length];
            long sum = total / 2;
            for (int k = 0; k < weights.Length; k++)
            {
                sum += (long)weights[k] * narrow[((first + k) * length) + (i % length)];
            }

            resized[i] = (byte)(sum / total);
        }

        return resized;
    }

    private static byte[] Pad(byte[] pixels, int columns, int rows, int side, int channels, byte background)
    {
        byte[] square = new byte[side * side * channels];
        Array.Fill(square, background);
        for (int y = 0; y < rows; y++)
        {
            int to = ((((side - rows) / 2) + y) * side) + ((side - columns) / 2);
            pixels.AsSpan(y * columns * channels, columns * channels).CopyTo(square.AsSpan(to * channels));
        }

        return square;
    }

    /// <summary>Filter taps along one axis: of each new pixel the first old pixel and its weights; their sum is the same for all.</summary>
    private sealed class Taps
    {
        private readonly (int First, int[] Weights)[] _taps;

        private Taps(int size, (int First, int[] Weights)[] taps)
        {
            _taps = taps;
            Size = size;
            Total = taps[0].Weights.Sum();
        }

        /// <summary>Old pixels.</summary>
        public int Size { get; }

        /// <summary>New pixels.</summary>
        public int Count => _taps.Length;

        /// <summary>Sum of the weights of a new pixel.</summary>
        public int Total { get; }

        public (int First, int[] Weights) this[int at] => _taps[at];

        public static Taps Of(int size, int count) => new(
            size, [.. Enumerable.Range(0, count).Select(at => size >= count ? MeanOfArea(at, size, count) : Between(at, size, count))]);

        /// <summary>Computes the box filter weights: the share of each old pixel that the new one covers, in units of 1/count.</summary>
        private static (int First, int[] Weights) MeanOfArea(int at, int size, int count)
        {
            long begin = (long)at * size;
            long end = begin + size;
            int first = (int)(begin / count);
            int last = (int)((end - 1) / count);
            return (first, [.. Enumerable.Range(first, last - first + 1)
                .Select(old => (int)(Math.Min(end, (old + 1L) * count) - Math.Max(begin, (long)old * count)))]);
        }

        /// <summary>
        /// Computes the bilinear weights of the two old pixels around the new center, or of the one at the edge; sum 2 · count.
        /// </summary>
        private static (int First, int[] Weights) Between(int at, int size, int count)
        {
            int whole = 2 * count;
            int middle = (((2 * at) + 1) * size) - count;
            int first = Math.Max(0, middle) / whole;
            int beyond = middle - (first * whole);
            return middle < 0 || first == size - 1 ? (first, [whole]) : (first, [whole - beyond, beyond]);
        }
    }
}
