using GenSomAttn.Formats;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats.Jpeg;

namespace GenSomAttn.Tests.Formats;

/// <summary>Picture files of every kind decode to the gray values that their formats define.</summary>
public sealed class PictureFileTests
{
    /// <summary>Depth, color type, width, a row as packed bytes, its grays. Of colors: (299 R + 587 G + 114 B + 500) / 1000.</summary>
    private static readonly TestCaseData<int, int, byte[], byte[]>[] Kinds =
    [
        new(8, 0, [0, 10, 255], [0, 10, 255]) { TestName = "gray" },
        new(1, 0, [0b1010_0000], [255, 0, 255]) { TestName = "gray of 1 bit" },
        new(2, 0, [0b0001_1011], [0, 85, 170, 255]) { TestName = "gray of 2 bits" },
        new(4, 0, [0x1F, 0x80], [17, 255, 136]) { TestName = "gray of 4 bits" },
        new(16, 0, [1, 255, 200, 0], [1, 200]) { TestName = "gray of 16 bits: the high byte" },
        new(8, 4, [9, 0, 200, 128], [255, 227]) { TestName = "gray with alpha: over white" },
        new(8, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30], [76, 150, 29, 18]) { TestName = "RGB" },
        new(16, 2, [255, 9, 0, 9, 0, 9, 1, 0, 1, 0, 1, 0], [76, 1]) { TestName = "RGB of 16 bits" },
        new(8, 6, [255, 0, 0, 0, 0, 255, 0, 77, 0, 0, 255, 255], [255, 223, 29]) { TestName = "RGB with alpha: over white" },
        new(16, 6, [0, 0, 0, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 0, 0], [29, 255]) { TestName = "RGB with alpha of 16 bits" },
        new(8, 3, [0, 1, 2, 1], [76, 150, 29, 150]) { TestName = "palette" },
        new(4, 3, [0x02, 0x10], [76, 29, 150]) { TestName = "palette of 4 bits" },
        new(2, 3, [0b1001_0000], [29, 150, 76, 76]) { TestName = "palette of 2 bits" },
        new(1, 3, [0b0100_0000], [76, 150]) { TestName = "palette of 1 bit" },
    ];

    private static readonly byte[] RedGreenBlue = PictureBytes.Chunk("PLTE", [255, 0, 0, 0, 255, 0, 0, 0, 255]);

    [TestCaseSource(nameof(Kinds))]
    public void Decode_Png_OfEveryKind(int depth, int colorType, byte[] row, byte[] expected)
    {
        byte[] header = PictureBytes.Header(expected.Length, 2, (byte)depth, (byte)colorType);
        byte[] bytes = PictureBytes.Png(header, [0, .. row, 0, .. row], colorType == 3 ? [RedGreenBlue] : []);

        DecodedPicture picture = PictureFile.Decode(bytes).ToGray();

        Assert.That((picture.Width, picture.Height), Is.EqualTo((expected.Length, 2)));
        Assert.That(picture.Pixels, Is.EqualTo(expected.Concat(expected)));
    }

    [Test]
    public void Decode_PngFilters_AreUndone()
    {
        // PNG filters: none, sub, up, average, Paeth.
        byte[] rows = [0, 10, 20, 1, 5, 7, 2, 1, 2, 3, 10, 10, 4, 1, 1];

        DecodedPicture picture = PictureFile.Decode(PictureBytes.Png(PictureBytes.Header(2, 5, 8, 0), rows)).ToGray();

        Assert.That(picture.Pixels, Is.EqualTo(new byte[] { 10, 20, 5, 12, 6, 14, 13, 23, 14, 24 }));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void Decode_InterlacedPng_IsPutTogether(int colorType)
    {
        // The passes of Adam7 in 5 x 5: rows of each after their filter bytes. Pixel (x, y) is 5 y + x.
        byte[] rows =
        [
            0, 0, 0, 4, 0, 20, 24, 0, 2, 0, 22, 0, 10, 12, 14, 0, 1, 3, 0, 11, 13, 0, 21, 23, 0, 5, 6, 7, 8, 9, 0, 15, 16, 17, 18, 19,
        ];
        byte[] grays = PictureBytes.Chunk("PLTE", [.. Enumerable.Range(0, 75).Select(i => (byte)(i / 3))]);

        byte[] bytes = PictureBytes.Png(PictureBytes.Header(5, 5, 8, (byte)colorType, interlace: 1), rows, colorType == 3 ? [grays] : []);

        Assert.That(PictureFile.Decode(bytes).ToGray().Pixels, Is.EqualTo(Enumerable.Range(0, 25)));
    }

    [Test]
    public void Decode_PngChunksThatMayBeSkipped_ChangeNothing()
    {
        byte[][] chunks = [PictureBytes.Chunk("eXIf", [0, 7]), PictureBytes.Chunk("gAMA", [0, 0, 0, 1]), PictureBytes.Chunk("tEXt", [])];
        byte[] bytes = PictureBytes.Png(PictureBytes.Header(2, 1, 8, 0), [0, 7, 9], chunks);

        Assert.That(PictureFile.Decode(bytes).ToGray().Pixels, Is.EqualTo(new byte[] { 7, 9 }));
    }

    [Test]
    public void Decode_PixelDataInSeveralChunks_AreOneStream()
    {
        byte[] packed = PictureBytes.Zlib(new MemoryStream([0, 7, 9]));
        IEnumerable<byte[]> parts = packed.Select(value => PictureBytes.Chunk("IDAT", [value]));

        byte[] bytes = PictureBytes.PngOf(
            [PictureBytes.Chunk("IHDR", PictureBytes.Header(2, 1, 8, 0)), .. parts, PictureBytes.Chunk("IEND", [])]);

        Assert.That(PictureFile.Decode(bytes).ToGray().Pixels, Is.EqualTo(new byte[] { 7, 9 }));
    }

    [Test]
    public void Decode_OwnPng_GivesTheLumaOfItsColors()
    {
        var picture = new Picture(3, 2, new Rgb(10, 20, 30));
        picture.FillRectangle(2, 1, 1, 1, new Rgb(255, 255, 255));

        Assert.That(PictureFile.Decode(picture.ToPng()).ToGray().Pixels, Is.EqualTo(new byte[] { 18, 18, 18, 18, 18, 255 }));
    }

    [Test]
    public void Decode_Bmp_OfEveryKind()
    {
        byte[] palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];
        byte[] masks = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];
        (byte[] Bytes, string Kind)[] files =
        [
            (PictureBytes.Bmp(2, 2, 24, [], [0, 0, 255, 255, 0, 0, 0, 0, 0, 255, 0, 30, 20, 10, 0, 0]), "24 bits"),
            (PictureBytes.Bmp(2, -2, 24, [], [0, 255, 0, 30, 20, 10, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0]), "24 bits from the top"),
            (PictureBytes.Bmp(2, 2, 32, [], [0, 0, 255, 0, 255, 0, 0, 9, 0, 255, 0, 0, 30, 20, 10, 0]), "32 bits"),
            (PictureBytes.Bmp(2, 2, 32, masks, [0, 0, 255, 0, 255, 0, 0, 9, 0, 255, 0, 0, 30, 20, 10, 0], 3), "32 bits with masks"),
        ];
        foreach ((byte[] bytes, string kind) in files)
        {
            Assert.That(PictureFile.Decode(bytes).ToGray().Pixels, Is.EqualTo(new byte[] { 150, 18, 76, 29 }), kind);
        }

        // Red, green and blue in a row, by the palette's numbers 0, 1, 2.
        foreach ((short bits, byte[] row) in new (short, byte[])[] { (8, [0, 1, 2, 0]), (4, [0x01, 0x20, 0, 0]) })
        {
            DecodedPicture picture = PictureFile.Decode(PictureBytes.Bmp(3, 1, bits, palette, row)).ToGray();
            Assert.That(picture.Pixels, Is.EqualTo(new byte[] { 76, 150, 29 }), $"{bits} bits");
        }

        DecodedPicture twoColors = PictureFile.Decode(PictureBytes.Bmp(3, 1, 1, palette[..8], [0b0110_0000, 0, 0, 0])).ToGray();
        Assert.That(twoColors.Pixels, Is.EqualTo(new byte[] { 76, 150, 150 }), "1 bit");

        // Five bits a color: red of 31, then blue of 31; the library stretches them to 8 bits.
        DecodedPicture fiveBits = PictureFile.Decode(PictureBytes.Bmp(2, 1, 16, [], [0, 0x7C, 0x1F, 0])).ToGray();
        Assert.That(fiveBits.Pixels, Is.EqualTo(new byte[] { 76, 29 }), "16 bits");
    }

    [Test]
    public void Decode_Jpeg_IsNearThePictureItWasMadeOf()
    {
        // A color gradient. At this quality the quantization steps are 1 and 2: no pixel is off by more than a few.
        byte[] rgb = [.. Enumerable.Range(0, 17 * 11).SelectMany(i => new[] { (byte)(i % 17 * 9), (byte)(i / 17 * 20), (byte)100 })];
        byte[] bytes = PictureSeeds.Encode(rgb, 17, 11, new JpegEncoder { Quality = 98 });

        DecodedPicture picture = PictureFile.Decode(bytes).ToGray();

        Assert.That((picture.Width, picture.Height), Is.EqualTo((17, 11)));
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            double luma = (0.299 * rgb[3 * i]) + (0.587 * rgb[(3 * i) + 1]) + (0.114 * rgb[(3 * i) + 2]);
            Assert.That((double)picture.Pixels[i], Is.EqualTo(luma).Within(4), $"pixel {i}");
        }
    }

    /// <summary>Up by 10, then down by 10: 10 1010 0, 10 0101 0. At a restart the former block counts as 128 again.</summary>
    [TestCase(0xC0, 0, new byte[] { 0b10101001, 0b00101011 }, 138, 128, TestName = "JPEG of two blocks")]
    [TestCase(0xC0, 1, new byte[] { 0b10101001, 0xFF, 0xD0, 0b10010101 }, 138, 118, TestName = "JPEG with a restart")]
    [TestCase(0xC2, 0, new byte[] { 0b10101010, 0b01011111 }, 138, 128, TestName = "progressive JPEG")]
    [TestCase(0xC2, 1, new byte[] { 0b10101011, 0xFF, 0xD0, 0b10010111 }, 138, 118, TestName = "progressive JPEG with a restart")]
    public void Decode_JpegByHand_HasItsGrays(int frame, int interval, byte[] coded, int left, int right)
    {
        byte[] scan = frame == 0xC0 ? PictureBytes.Scan(0, 63, 0, coded) : PictureBytes.Scan(0, 0, 0, coded);
        byte[] bytes = PictureBytes.Jpeg((byte)frame, 16, 8, (byte)interval, scan);

        DecodedPicture picture = PictureFile.Decode([.. bytes, 1, 2, 3]).ToGray();

        Assert.That((picture.Width, picture.Height), Is.EqualTo((16, 8)));
        Assert.That(picture.Pixels.Where((_, at) => at % 16 < 8), Is.All.EqualTo(left));
        Assert.That(picture.Pixels.Where((_, at) => at % 16 >= 8), Is.All.EqualTo(right));
    }

    [Test]
    public void Decode_ProgressiveJpegInSeveralScans_AddsThemUp()
    {
        // The DC coefficient without its last bit, 10; no AC coefficients; then the last bit, 1.
        byte[] bytes = PictureBytes.Jpeg(
            0xC2, 8, 8, 0, PictureBytes.Scan(0, 0, 0x01, 0b10101011), PictureBytes.Scan(1, 63, 0, 0b01111111),
            PictureBytes.Scan(0, 0, 0x10, 0b10000000));

        Assert.That(PictureFile.Decode(bytes).ToGray().Pixels, Is.All.EqualTo(128 + (10 * 2) + 1));
    }
}
