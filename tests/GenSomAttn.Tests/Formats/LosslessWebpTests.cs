using System.Buffers.Binary;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Formats;

/// <summary>The check of lossless WebP images before they are decoded.</summary>
public sealed class LosslessWebpTests
{
    /// <summary>Files that the fuzzer found: the decoder allocated 2.6 GB for each.</summary>
    private static readonly string[] Bombs =
    [
        "UklGRj8AAABXRUJQVlA4TDMAAAAvCIABAG6M6H9sWyIK0v+AAkiSI4UgBCFojTDs+RgEAkkI+1OOQJBto3KEoxVh6KGwbV0=",
        "UklGRnoAAABXRUJQVlA4TG4AAAAvCIABAO6M6H9JRkZeAAAAV0VCUFZQOExSAAAALwiAAQDujOh/bCIK0v+AQkiSI4UgBCFojTDs+RgEAkkI+1OOQJBto3KEoxVh6KGw"
            + "bRukOPhk/EbSQTWsjzgKmq2DdEiIfyQ0tUMaXesyQjrPBg==",
    ];

    /// <summary>Few colors (an index), gradients (predictors), noise, and repeated tiles (copies, a cache of colors).</summary>
    private static readonly (string Name, Func<int, int, int, int> Sample)[] Kinds =
    [
        ("two colors", (x, y, _) => ((x / 3) + (y / 5)) % 2 * 255), ("twenty colors", (x, y, c) => ((x / 4) + (y / 4)) % 20 * (c + 9)),
        ("a gradient", (x, y, c) => ((2 * x) + (3 * y) + (40 * c)) & 255), ("noise", (x, y, c) => Noise(x, y, c)),
        ("tiles", (x, y, c) => Noise(x % 13, y % 11, c)), ("noise in a gradient", (x, y, c) => x < 60 ? Noise(x, y, c) : (x + y) & 255),
        ("one color", (_, _, c) => 70 * c),
    ];

    [Test]
    public void Decode_IntactPictures_AreReadAsTheyWere([Values(1, 7, 150)] int width, [Values(1, 97)] int height, [Values] bool isBest)
    {
        foreach ((string name, Func<int, int, int, int> sample) in Kinds)
        {
            byte[] rgb = Pixels(width, height, sample);
            WebpEncoder encoder = new()
            {
                FileFormat = WebpFileFormatType.Lossless,
                Quality = isBest ? 100 : 20,
                Method = isBest ? WebpEncodingMethod.BestQuality : WebpEncodingMethod.Fastest,
            };

            DecodedPicture picture = PictureFile.Decode(PictureSeeds.Encode(rgb, width, height, encoder));

            byte[] expected = picture.Channels == 3 ? rgb : [.. rgb.Where((_, i) => i % 3 == 0)];
            Assert.That(picture.Pixels, Is.EqualTo(expected), name);
        }
    }

    [TestCaseSource(nameof(Bombs))]
    public void Decode_TablesOfGigabytes_AreRefused(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(() => PictureFile.Decode(bytes), Throws.TypeOf<InvalidDataException>().With.Message.Contains("lossless image"));

        // Tables of five codes, an exception and its message.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200_000));
    }

    /// <summary>An alpha plane of a lossy picture is compressed in the same way.</summary>
    [Test]
    public void Decode_AlphaWithTablesOfGigabytes_IsRefused()
    {
        byte[] lossy = PictureSeeds.LossyWebp[12..];
        byte[] alpha = [1, .. EntropyImage(0xFFFF)];
        byte[] file =
        [
            .. "RIFF    WEBPVP8X"u8, 10, 0, 0, 0, 0x10, 0, 0, 0, 8, 0, 0, 6, 0, 0, .. "ALPH"u8, (byte)alpha.Length, 0, 0, 0, .. alpha,
            .. new byte[alpha.Length & 1], .. lossy,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);

        Assert.That(() => PictureFile.Decode(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains("65536 groups"));
    }

    [TestCase(0), TestCase(4095)]
    public void CheckGroups_AsManyAsAreRead_Pass(int group) => LosslessWebp.CheckGroups(EntropyImage(group), 4, 4);

    [TestCase(4096, "4097 groups"), TestCase(65535, "65536 groups")]
    public void CheckGroups_More_AreRefused(int group, string said) => Assert.That(
        () => LosslessWebp.CheckGroups(EntropyImage(group), 4, 4), Throws.TypeOf<InvalidDataException>().With.Message.Contains(said));

    /// <summary>Every prefix of the stream that is shorter than the entropy image ends too early.</summary>
    [Test]
    public void CheckGroups_CutShort_IsRefused()
    {
        byte[] whole = EntropyImage(17);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(
                () => LosslessWebp.CheckGroups(whole.AsSpan(0, length), 4, 4),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("too early"));
        }
    }

    /// <summary>No transform, no color cache, and an entropy image of one pixel with one symbol in each of its codes.</summary>
    private static byte[] EntropyImage(int group)
    {
        List<int> bits = [];
        Add(0, 1);
        Add(0, 1);
        Add(1, 1);
        Add(7, 3);
        Add(0, 1);
        foreach (int symbol in new[] { group & 255, group >> 8, 0, 0, 0 })
        {
            // A simple code, of one symbol, which has 8 bits.
            Add(1, 1);
            Add(0, 1);
            Add(1, 1);
            Add(symbol, 8);
        }

        return [.. bits.Chunk(8).Select(eight => (byte)eight.Select((bit, i) => bit << i).Sum())];

        void Add(int value, int count) => bits.AddRange(Enumerable.Range(0, count).Select(i => (value >> i) & 1));
    }

    private static int Noise(int x, int y, int channel) => (int)((((uint)((x * 31) + (y * 1009) + channel) * 2654435761u) >> 13) & 255);

    private static byte[] Pixels(int width, int height, Func<int, int, int, int> sample)
    {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)sample(i / 3 % width, i / 3 / width, i % 3);
        }

        return rgb;
    }
}
