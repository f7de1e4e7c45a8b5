using System.Buffers.Binary;
using System.Diagnostics;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Damaged and hostile picture files: each is refused with its fault, quickly and with bounded memory.</summary>
public sealed class BadPictureTests
{
    private const int BlocksAtMost = 64_000_000;

    private static readonly byte[] Header = PictureBytes.Header(2, 2, 8, 0);
    private static readonly byte[] Rows = [0, 1, 2, 0, 3, 4];
    private static readonly byte[] GoodData = PictureBytes.Zlib(new MemoryStream(Rows));

    private static readonly TestCaseData<byte[], string>[] Pngs =
    [
        new(PictureBytes.Png(PictureBytes.Header(1, int.MinValue, 8, 0), Rows), "1 x 2147483648") { TestName = "1 x 2^31" },
        new(PictureBytes.Png(PictureBytes.Header(0, 1, 8, 0), Rows), "0 x 1") { TestName = "no column" },
        new(PictureBytes.Png(PictureBytes.Header(65536, 1, 8, 0), Rows), "65536 x 1") { TestName = "a column too many" },
        new(PictureBytes.Png(PictureBytes.Header(1, 65536, 8, 0), Rows), "1 x 65536") { TestName = "a row too many" },
        new(PictureBytes.Png(PictureBytes.Header(21_001, 10_000, 8, 0), Rows), "210000000 together") { TestName = "too many pixels" },
        new(PictureBytes.Png(PictureBytes.Header(13_422, 10_000, 16, 6), Rows), "134217728 together")
        { TestName = "too many pixels of 8 bytes" },
        new(PictureBytes.Png(PictureBytes.Header(4, 5, 8, 0, interlace: 1), Rows), "interlaced and has 4 columns")
        { TestName = "an interlaced picture that the decoder never ends" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 3, 0), Rows), "depth 3") { TestName = "depth 3" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 4, 2), Rows), "color type 2") { TestName = "RGB of 4 bits" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 16, 3), Rows), "color type 3") { TestName = "palette of 16 bits" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 5), Rows), "color type 5") { TestName = "color type 5" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 0, 2), Rows), "methods 0, 0, 2") { TestName = "interlace method 2" },
        new(PictureBytes.Png([.. Header[..10], 1, 0, 0], Rows), "methods 1, 0, 0") { TestName = "compression method 1" },
        new(PictureBytes.Png([.. Header, 0], Rows), "14 bytes") { TestName = "header too long" },
        new(PictureBytes.Png(Header, Rows, PictureBytes.Chunk("IHDR", Header)), "IHDR") { TestName = "header twice" },
        new(PictureBytes.PngOf(PictureBytes.Chunk("IDAT", GoodData)), "IHDR") { TestName = "header not first" },
        new(PictureBytes.Png(Header, Rows, PictureBytes.Chunk("CgBI", [0])), "no decoder may skip") { TestName = "unknown critical chunk" },
        new(PictureBytes.Png(Header, Rows[..5]), "5 bytes, fewer than the 6") { TestName = "a pixel too few" },
        new(PictureBytes.Png(Header, [.. Rows, 0]), "more than the 6") { TestName = "a pixel too many" },
        new(PictureBytes.Png(PictureBytes.Header(5, 2, 8, 0, 1), Rows), "fewer than the 15") { TestName = "rows not interlaced" },
        new(PictureBytes.PngOf(PictureBytes.Chunk("IHDR", Header), PictureBytes.Chunk("IEND", [])), "fewer") { TestName = "no pixels" },
        new(PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", Header), PictureBytes.Chunk("IDAT", [1, 2, 3, 4]), PictureBytes.Chunk("IEND", [])), "IDAT")
        { TestName = "not zlib" },
        new(PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", Header), PictureBytes.Chunk("IDAT", [0x78, 0x20, 0, 0, 0, 1]), PictureBytes.Chunk("IEND", [])),
            "IDAT")
        { TestName = "zlib with a dictionary" },
        new(PictureBytes.Png(Header, [5, 1, 2, 0, 3, 4]), "cannot be decoded") { TestName = "unknown filter" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 3), Rows), "no palette") { TestName = "no palette" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 3), Rows, PictureBytes.Chunk("PLTE", new byte[12])), "color 4 of a palette of 4")
        { TestName = "a color beyond the palette" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 3), Rows, PictureBytes.Chunk("PLTE", new byte[4])), "PLTE")
        { TestName = "a color and a third" },
        new(PictureBytes.Png(PictureBytes.Header(2, 2, 8, 3), Rows, PictureBytes.Chunk("PLTE", new byte[771])), "PLTE")
        { TestName = "a palette of 257" },
        new(PictureBytes.Png(Header, Rows, PictureBytes.Chunk("PLTE", new byte[3]), PictureBytes.Chunk("PLTE", new byte[3])), "PLTE")
        { TestName = "two palettes" },
    ];

    private static readonly byte[] Palette = [0, 0, 0, 0, 255, 255, 255, 0];

    private static readonly TestCaseData<byte[], string>[] Bmps =
    [
        new(PictureBytes.Bmp(3, 1, 8, Palette, [0, 2, 0, 0]), "color 2 of a palette of 2") { TestName = "BMP: a color beyond the palette" },
        new(PictureBytes.Bmp(3, 1, 4, Palette, [0x0F, 0, 0, 0]), "color 15") { TestName = "BMP: the same of 4 bits" },
        new(PictureBytes.Bmp(3, 1, 8, [], [0, 0, 0, 0]), "byte 54") { TestName = "BMP: no palette" },
        new(PictureBytes.Bmp(3, 1, 8, Palette, [0, 0, 0, 0], compression: 1), "compression 1") { TestName = "BMP: run lengths" },
        new(PictureBytes.Bmp(3, 1, 2, Palette, [0, 0, 0, 0]), "2 bits") { TestName = "BMP: 2 bits" },
        new(PictureBytes.Bmp(1, 1, 24, Palette, [0, 0, 0]), "cut short") { TestName = "BMP: a byte too few behind a palette" },
        new(PictureBytes.Bmp(70_000, 1, 24, [], []), "70000 x 1") { TestName = "BMP: too wide" },
        new(PictureBytes.Bmp(-1, 1, 24, [], []), "-1 x 1") { TestName = "BMP: width below 0" },
        new(PictureBytes.Bmp(1, int.MinValue, 24, [], []), "1 x 2147483648") { TestName = "BMP: height -2^31" },
    ];

    private static readonly byte[] Gray = PictureBytes.Scan(0, 63, 0, 0b00111111);
    private static readonly byte[] FirstScan = PictureBytes.Scan(0, 0, 0, 0b01111111);

    private static readonly byte[] LongScan = PictureBytes.Scan(0, 0, 0, new byte[4000 * 4000 / 64 / 8]);

    private static readonly TestCaseData<byte[], string>[] Jpegs =
    [
        new(PictureBytes.Jpeg(0xC0, 4000, 4000, 0, Gray), "1 bytes of a scan are fewer") { TestName = "JPEG: fewer bits than blocks" },
        new(PictureBytes.Jpeg(0xC2, 4000, 4000, 0, LongScan[..^1]), "31249 bytes of a scan are fewer")
        { TestName = "JPEG: one byte of bits too few" },
        new(PictureBytes.Jpeg(0xC0, 8, 0, 0, Gray), "8 x 0") { TestName = "JPEG: no row" },
        new(PictureBytes.Jpeg(0xC0, 20_000, 20_000, 0, Gray), "20000 x 20000") { TestName = "JPEG: too many pixels" },
        new(Enlarged(PictureSeeds.ProgressiveJpeg, 13_000), "153391689 together") { TestName = "JPEG: too many coefficients" },
        new(PictureBytes.Jpeg(0xC3, 8, 8, 0, Gray), "segment C3") { TestName = "JPEG: lossless" },
        new(PictureBytes.Jpeg(0xC9, 8, 8, 0, Gray), "segment C9") { TestName = "JPEG: arithmetic code" },
        new(PictureBytes.Jpeg(0xC0, 8, 8, 0), "before each of its components") { TestName = "JPEG: no scan" },
        new(PictureBytes.Jpeg(0xC0, 16, 8, 1, PictureBytes.Scan(0, 63, 0, 0x0F)), "0 restart markers instead of 1")
        { TestName = "JPEG: a restart too few" },
        new(PictureBytes.Jpeg(0xC0, 8, 8, 0, PictureBytes.Scan(0, 63, 0, 0x3F, 0xFF, 0xD0, 0x3F)), "1 restart markers instead of 0")
        { TestName = "JPEG: a restart too many" },
        new(PictureBytes.Jpeg(0xC0, 8, 8, 0, PictureBytes.Scan(0, 63, 0)), "is empty") { TestName = "JPEG: empty scan" },
        new(PictureBytes.Jpeg(0xC0, 8, 8, 0, Gray, Gray), "a second time") { TestName = "JPEG: two scans of a component" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, PictureBytes.Scan(1, 63, 0, 0x7F), FirstScan), "none has begun")
        { TestName = "JPEG: a refinement before the first scan" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, PictureBytes.Scan(0, 0, 0x10, 0x7F), FirstScan), "none has begun")
        { TestName = "JPEG: a last bit before the first scan" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, FirstScan, [0xFF, 0xDB, 0, 4, 0, 0]), "a table") { TestName = "JPEG: a table cut short" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, FirstScan, [0xFF, 0xDC, 0, 4, 0, 8]), "segment DC") { TestName = "JPEG: height afterwards" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, FirstScan, [0xFF, 0xFE, 0, 1]), "length of segment FE") { TestName = "JPEG: a length of 1" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, FirstScan)[..^2], "cut short within a scan") { TestName = "JPEG: no end" },
        new(PictureBytes.Jpeg(0xC2, 8, 8, 0, FirstScan, [0xFF, 0xDA, 0, 8, 1, 2, 0, 1, 63, 0, 0x7F]), "does not have")
        { TestName = "JPEG: a scan of another component" },
        new(PictureBytes.Jpeg(0xC2, 4000, 4000, 0, [.. Enumerable.Repeat(LongScan, 257)]), $"more than {BlocksAtMost} blocks")
        { TestName = "JPEG: nothing but scans" },
    ];

    [TestCaseSource(nameof(Pngs))]
    [TestCaseSource(nameof(Bmps))]
    [TestCaseSource(nameof(Jpegs))]
    public void Decode_BadFile_SaysWhatIsWrong(byte[] bytes, string said)
    {
        (long before, long begin) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());

        Assert.That(() => PictureFile.Decode(bytes), Throws.TypeOf<InvalidDataException>().With.Message.Contains(said));

        // Bound: the buffers of a few pieces, none larger than a small picture, and the file's segments in a buffer that grows.
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(2_000_000 + (4 * bytes.Length)));
        Assert.That(Stopwatch.GetElapsedTime(begin).TotalSeconds, Is.LessThan(1));
    }

    [Test]
    public void Decode_Bombs_AreRefusedOrSkippedBeforeTheyUnpack()
    {
        byte[] bomb = PictureBytes.Bomb();
        byte[] pixels = PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", Header), PictureBytes.Chunk("IDAT", bomb), PictureBytes.Chunk("IEND", []));
        byte[] text = PictureBytes.Png(Header, Rows, PictureBytes.Chunk("zTXt", [(byte)'a', 0, 0, .. bomb]));
        byte[] profile = PictureBytes.Png(Header, Rows, PictureBytes.Chunk("iCCP", [(byte)'a', 0, 0, .. bomb]));
        (long before, long begin) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());

        Assert.That(() => PictureFile.Decode(pixels), Throws.TypeOf<InvalidDataException>().With.Message.Contains("more than the 6"));
        Assert.That(PictureFile.Decode(text).Pixels, Is.EqualTo(new byte[] { 1, 2, 3, 4 }));
        Assert.That(PictureFile.Decode(profile).Pixels, Is.EqualTo(new byte[] { 1, 2, 3, 4 }));

        Assert.That(bomb, Has.Length.LessThan(200_000));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4_000_000), "a few times the files, not 100 MB");
        Assert.That(Stopwatch.GetElapsedTime(begin).TotalSeconds, Is.LessThan(1));
    }

    [TestCase("")]
    [TestCase("P5 1 1 255 a")]
    public void Decode_OtherFormats_AreRefused(string text) => Assert.That(
        () => PictureFile.Decode([.. text.Select(letter => (byte)letter)]),
        Throws.TypeOf<InvalidDataException>().With.Message.Contains("PNG, JPEG, BMP, GIF or WebP"));

    /// <summary>Writes another size into the frame of a progressive JPEG file.</summary>
    private static byte[] Enlarged(byte[] jpeg, short side)
    {
        byte[] enlarged = [.. jpeg];
        int frame = enlarged.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        BinaryPrimitives.WriteInt16BigEndian(enlarged.AsSpan(frame + 5), side);
        BinaryPrimitives.WriteInt16BigEndian(enlarged.AsSpan(frame + 7), side);
        return enlarged;
    }
}
