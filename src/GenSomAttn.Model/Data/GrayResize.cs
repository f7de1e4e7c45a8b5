using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Center crop and resize of pictures to a square, in integer arithmetic, so that every machine gets the same pixels. Downsampling
/// averages the area that a pixel covers (box filter); upsampling is bilinear between pixel centers.
/// </summary>
public static class GrayResize
{
    /// <summary>Crops a picture to its central square and resizes it.</summary>
    /// <param name="picture">The picture. If an odd number of rows or columns is cropped, one more goes at the lower or right edge.</param>
    /// <param name="side">Rows and columns of the result.</param>
    /// <returns>(side, side), rounded to the nearest, halves up.</returns>
    public static byte[] ToSquare(GrayPicture picture, int side)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        int size = Math.Min(picture.Width, picture.Height);
        int left = (picture.Width - size) / 2;
        int top = (picture.Height - size) / 2;
        Taps[] taps = [.. Enumerable.Range(0, side).Select(at => size >= side ? MeanOfArea(at, size, side) : Between(at, size, side))];
        int total = taps[0].Weights.Sum();

        // The rows first, into (size, side).
        int[] narrow = new int[size * side];
        for (int y = 0; y < size; y++)
        {
            ReadOnlySpan<byte> row = picture.Pixels.AsSpan(((top + y) * picture.Width) + left, size);
            for (int x = 0; x < side; x++)
            {
                (int first, int[] weights) = taps[x];
                int sum = 0;
                for (int i = 0; i < weights.Length; i++)
                {
                    sum += weights[i] * row[first + i];
                }

                narrow[(y * side) + x] = sum;
            }
        }

        byte[] pixels = new byte[side * side];
        long square = (long)total * total;
        for (int at = 0; at < pixels.Length; at++)
        {
            (int first, int[] weights) = taps[at / side];
            long sum = square / 2;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += (long)weights[i] * narrow[((first + i) * side) + (at % side)];
            }

            pixels[at] = (byte)(sum / square);
        }

        return pixels;
    }

    /// <summary>Computes the box filter weights: the share of each old pixel that the new one covers, in units of 1/side.</summary>
    private static Taps MeanOfArea(int at, int size, int side)
    {
        int begin = at * size;
        int end = begin + size;
        int first = begin / side;
        int last = (end - 1) / side;
        return new Taps(first, [.. Enumerable.Range(first, last - first + 1)
            .Select(old => Math.Min(end, (old + 1) * side) - Math.Max(begin, old * side))]);
    }

    /// <summary>
    /// Computes the bilinear weights of the two old pixels around the new center, or of the one at the edge; sum 2 · side.
    /// </summary>
    private static Taps Between(int at, int size, int side)
    {
        int whole = 2 * side;
        int middle = (((2 * at) + 1) * size) - side;
        int first = Math.Max(0, middle) / whole;
        int beyond = middle - (first * whole);
        return middle < 0 || first == size - 1 ? new Taps(first, [whole]) : new Taps(first, [whole - beyond, beyond]);
    }

    /// <summary>Filter taps of a new pixel along one axis: first old pixel and weights; the weights have the same sum for all.</summary>
    private readonly record struct Taps(int First, int[] Weights);
}
