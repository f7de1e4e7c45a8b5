namespace GenSomAttn.Formats;

/// <summary>
/// Reader of the first part of a lossless WebP image (VP8L, RFC 9649 section 3): the images of its transforms and its entropy image, which
/// selects a group of prefix codes for each block of pixels. The decoder allocates 24 to 40 KB for each group up to the largest number that
/// the entropy image holds: 2.6 GB for a file of 71 bytes. Encoders write at most some thousands of groups.
/// </summary>
internal static class LosslessWebp
{
    // libwebp's encoder and those that follow it write an entropy image of at most 2,600 blocks.
    private const int MaxGroups = 4096;

    private const int Literals = 256;
    private const int Lengths = 24;
    private const int Distances = 40;
    private const int MaxCacheBits = 11;
    private const int ColorIndexing = 3;
    private const int SubtractGreen = 2;

    // A distance code up to 120 is a pixel above or to the left, in order of its distance.
    private static readonly (int X, int Y)[] NearPixels =
    [
        .. from y in Enumerable.Range(0, 8)
           from x in Enumerable.Range(-7, 16)
           where y > 0 || x > 0
           orderby (x * x) + (y * y), Math.Abs(x), -x
           select (x, y),
    ];

    /// <summary>Checks that the groups of prefix codes are not more than an encoder writes.</summary>
    /// <param name="stream">The image after its header with the size.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="InvalidDataException">The stream is damaged, cut short, or has too many groups.</exception>
    public static void CheckGroups(ReadOnlySpan<byte> stream, int width, int height)
    {
        LosslessBits bits = new(stream);
        int groups = ReadGroups(ref bits, width, height);
        if (groups > MaxGroups)
        {
            throw new InvalidDataException(
                $"its lossless image has {groups} groups of prefix codes, of which at most {MaxGroups} are read: convert it to PNG.");
        }
    }

    private static int ReadGroups(ref LosslessBits bits, int width, int height)
    {
        for (int seen = 0; bits.Read(1) == 1;)
        {
            int transform = bits.Read(2);
            if ((seen & (1 << transform)) != 0)
            {
                throw Damaged("has a transform twice");
            }

            seen |= 1 << transform;
            width = ReadTransform(ref bits, transform, width, height);
        }

        _ = ReadCacheBits(ref bits);
        if (bits.Read(1) == 0)
        {
            return 1;
        }

        int side = bits.Read(3) + 2;
        uint largest = 0;
        foreach (uint pixel in ReadImage(ref bits, Blocks(width, side), Blocks(height, side)))
        {
            // The number of the group is in red and green.
            largest = Math.Max(largest, (pixel >> 8) & 0xFFFF);
        }

        return (int)largest + 1;
    }

    /// <summary>Reads the image of a transform and returns the width after it: an index of few colors puts several into a pixel.</summary>
    private static int ReadTransform(ref LosslessBits bits, int transform, int width, int height)
    {
        if (transform == ColorIndexing)
        {
            int colors = bits.Read(8) + 1;
            ReadImage(ref bits, colors, 1);
            return Blocks(width, colors > 16 ? 0 : colors > 4 ? 1 : colors > 2 ? 2 : 3);
        }

        if (transform != SubtractGreen)
        {
            int side = bits.Read(3) + 2;
            ReadImage(ref bits, Blocks(width, side), Blocks(height, side));
        }

        return width;
    }

    private static int Blocks(int pixels, int sideBits) => (pixels + (1 << sideBits) - 1) >> sideBits;

    private static int ReadCacheBits(ref LosslessBits bits)
    {
        int cacheBits = bits.Read(1) == 1 ? bits.Read(4) : 0;
        return cacheBits <= MaxCacheBits ? cacheBits : throw Damaged("has too large a color cache");
    }

    /// <summary>Reads an image with one group of prefix codes, (height, width) pixels as alpha, red, green, blue.</summary>
    private static uint[] ReadImage(ref LosslessBits bits, int width, int height)
    {
        int cacheBits = ReadCacheBits(ref bits);
        uint[] cache = new uint[cacheBits == 0 ? 0 : 1 << cacheBits];
        PrefixCode green = PrefixCode.Read(ref bits, Literals + Lengths + cache.Length);
        PrefixCode red = PrefixCode.Read(ref bits, Literals);
        PrefixCode blue = PrefixCode.Read(ref bits, Literals);
        PrefixCode alpha = PrefixCode.Read(ref bits, Literals);
        PrefixCode distance = PrefixCode.Read(ref bits, Distances);
        uint[] pixels = new uint[width * height];
        for (int i = 0; i < pixels.Length;)
        {
            int symbol = green.ReadSymbol(ref bits);
            if (symbol is >= Literals and < Literals + Lengths)
            {
                int copied = ReadNumber(ref bits, symbol - Literals);
                int back = Distance(ReadNumber(ref bits, distance.ReadSymbol(ref bits)), width);
                if (back > i || copied > pixels.Length - i)
                {
                    throw Damaged("copies pixels from outside of it");
                }

                for (int end = i + copied; i < end; i++)
                {
                    pixels[i] = pixels[i - back];
                    Remember(cache, cacheBits, pixels[i]);
                }

                continue;
            }

            pixels[i] = symbol < Literals
                ? ((uint)symbol << 8) | ((uint)red.ReadSymbol(ref bits) << 16) | (uint)blue.ReadSymbol(ref bits)
                    | ((uint)alpha.ReadSymbol(ref bits) << 24)
                : cache[symbol - Literals - Lengths];
            Remember(cache, cacheBits, pixels[i]);
            i++;
        }

        return pixels;
    }

    private static void Remember(uint[] cache, int cacheBits, uint pixel)
    {
        if (cacheBits > 0)
        {
            cache[(0x1E35A7BD * pixel) >> (32 - cacheBits)] = pixel;
        }
    }

    /// <summary>Reads a length or a distance, which is a symbol and some further bits.</summary>
    private static int ReadNumber(ref LosslessBits bits, int symbol)
    {
        if (symbol < 4)
        {
            return symbol + 1;
        }

        int further = (symbol - 2) >> 1;
        return ((2 + (symbol & 1)) << further) + bits.Read(further) + 1;
    }

    private static int Distance(int code, int width)
    {
        if (code > NearPixels.Length)
        {
            return code - NearPixels.Length;
        }

        (int x, int y) = NearPixels[code - 1];
        return Math.Max(1, (y * width) + x);
    }

    /// <summary>Returns the refusal of a damaged stream.</summary>
    /// <param name="what">What is wrong with the image.</param>
    internal static InvalidDataException Damaged(string what) => new($"its lossless image (VP8L) {what}; it is damaged.");
}
