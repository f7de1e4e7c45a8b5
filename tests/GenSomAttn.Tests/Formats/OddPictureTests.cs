using System.Buffers.Binary;
using System.IO.Compression;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Formats;

/// <summary>Pictures as cameras, editors and other programs write them: intact, and often misread.</summary>
public sealed class OddPictureTests
{
    [Test]
    public void Decode_TransparentPixels_ShowTheBackground()
    {
        byte[] gray = [0, 100, 0, 100, 255];
        (string Kind, byte[] Bytes)[] files =
        [
            ("gray and alpha", PictureBytes.Png(PictureBytes.Header(2, 1, 8, 4), gray)),
            ("RGB and alpha", PictureBytes.Png(PictureBytes.Header(2, 1, 8, 6), [0, 100, 100, 100, 0, 100, 100, 100, 255])),
            ("16 bits", PictureBytes.Png(
                PictureBytes.Header(2, 1, 16, 6), [0, 100, 9, 100, 9, 100, 9, 0, 9, 100, 9, 100, 9, 100, 9, 255, 255])),
            ("palette", PictureBytes.Png(
                PictureBytes.Header(2, 1, 8, 3), [0, 1, 0], PictureBytes.Chunk("PLTE", [100, 100, 100, 7, 7, 7]),
                PictureBytes.Chunk("tRNS", [255, 0]))),
            ("a transparent gray", PictureBytes.Png(
                PictureBytes.Header(2, 1, 8, 0), [0, 7, 100], PictureBytes.Chunk("tRNS", [0, 7]))),
            ("a transparent color", PictureBytes.Png(
                PictureBytes.Header(2, 1, 8, 2), [0, 7, 8, 9, 100, 100, 100], PictureBytes.Chunk("tRNS", [0, 7, 0, 8, 0, 9]))),
            ("GIF", PictureSeeds.Encode([7, 7, 7, 0, 100, 100, 100, 255], 2, 1, new GifEncoder())),
            ("WebP", PictureSeeds.Encode(
                [7, 7, 7, 0, 100, 100, 100, 255], 2, 1, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless })),
            ("BMP", TransparentBmp()),
        ];
        foreach ((string kind, byte[] bytes) in files)
        {
            DecodedPicture white = PictureFile.Decode(bytes);
            DecodedPicture black = PictureFile.Decode(bytes, background: 0);

            Assert.That(white.WasTransparent, kind);
            Assert.That(white.ToGray().Pixels.Order(), Is.EqualTo(new byte[] { 100, 255 }), kind);
            Assert.That(black.ToGray().Pixels.Order(), Is.EqualTo(new byte[] { 0, 100 }), kind);
        }
    }

    [Test]
    public void Decode_HalfTransparent_IsMixed()
    {
        byte[] bytes = PictureBytes.Png(PictureBytes.Header(1, 1, 8, 6), [0, 255, 0, 0, 51]);

        // A fifth of red, four fifths of white or black.
        Assert.That(PictureFile.Decode(bytes).Pixels, Is.EqualTo(new byte[] { 255, 204, 204 }));
        Assert.That(PictureFile.Decode(bytes, background: 0).Pixels, Is.EqualTo(new byte[] { 51, 0, 0 }));
    }

    [Test]
    public void Decode_Channels_AreThoseOfThePixels()
    {
        byte[] gray = PictureBytes.Png(PictureBytes.Header(1, 1, 8, 2), [0, 9, 9, 9]);
        byte[] color = PictureBytes.Png(PictureBytes.Header(2, 1, 8, 2), [0, 9, 9, 9, 9, 9, 10]);

        Assert.That(PictureFile.Decode(gray), Has.Property("Channels").EqualTo(1));
        Assert.That(PictureFile.Decode(color).Pixels, Is.EqualTo(new byte[] { 9, 9, 9, 9, 9, 10 }));
    }

    [Test]
    public void Decode_CmykJpeg_IsTheSameWithAndWithoutItsAdobeSegment()
    {
        // A frame of four components by hand: C, M, Y and K of one block each, without quantization.
        byte[] adobe = [0xFF, 0xEE, 0, 14, .. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0];
        byte[] without = CmykJpeg();
        byte[] with = [.. without[..2], .. adobe, .. without[2..]];

        DecodedPicture first = PictureFile.Decode(with);

        Assert.That(PictureFile.Decode(without).Pixels, Is.EqualTo(first.Pixels));

        // Stored inverted, as Photoshop does: red is 208 of 255, the others 48 of 255, by 208 of 255 for black.
        byte[] expected = [208 * 208 / 255, 48 * 208 / 255, 48 * 208 / 255];
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.That((int)first.Pixels[channel], Is.EqualTo(expected[channel]).Within(1));
        }
    }

    [Test]
    public void Decode_BytesBehindAPngOrBetweenJpegSegments_AreSkipped()
    {
        byte[] png = PictureBytes.GrayPng(2, 2, (x, y) => (10 * y) + x);
        byte[] jpeg = PictureSeeds.BaselineJpeg;
        int table = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);

        Assert.That(PictureFile.Decode([.. png, .. new byte[64]]).Pixels, Is.EqualTo(new byte[] { 0, 1, 10, 11 }));
        Assert.That(
            PictureFile.Decode([.. jpeg[..table], 0, 0, .. jpeg[table..], 1, 2, 3]).Pixels, Is.EqualTo(PictureFile.Decode(jpeg).Pixels));
    }

    [Test]
    public void Decode_BmpWithAHintPaletteOrAGap_IsRead()
    {
        byte[] plain = PictureSeeds.Bmp(5, 4, 24);
        byte[] hint = [.. plain[..54], .. new byte[8], .. plain[54..]];
        BinaryPrimitives.WriteInt32LittleEndian(hint.AsSpan(10), 62);
        byte[] gap = [.. hint];
        BinaryPrimitives.WriteInt32LittleEndian(hint.AsSpan(46), 2);

        Assert.That(PictureFile.Decode(hint).Pixels, Is.EqualTo(PictureFile.Decode(plain).Pixels));
        Assert.That(PictureFile.Decode(gap).Pixels, Is.EqualTo(PictureFile.Decode(plain).Pixels));

        byte[] beyond = [.. plain];
        BinaryPrimitives.WriteInt32LittleEndian(beyond.AsSpan(10), 100_000);
        Assert.That(() => PictureFile.Decode(beyond), Throws.TypeOf<InvalidDataException>().With.Message.Contains("begin at byte 100000"));
    }

    [Test]
    public void Decode_GifWithSeveralImages_IsItsFirst()
    {
        byte[] first = PictureSeeds.Gif;
        byte[] second = PictureSeeds.TransparentGif;
        int image = second.AsSpan().IndexOf((byte)0x2C);
        byte[] both = [.. first[..^1], .. second[image..]];

        Assert.That(PictureFile.Decode(both).Pixels, Is.EqualTo(PictureFile.Decode(first).Pixels));
        Assert.That(() => PictureFile.Decode(both[..^1]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("cut short"));
    }

    [Test]
    public void Decode_GifImageOnALargeScreen_IsTheImageAlone()
    {
        // A bomb otherwise: the screen is 60,000 x 3,000.
        byte[] large = [.. PictureSeeds.Gif];
        BinaryPrimitives.WriteUInt16LittleEndian(large.AsSpan(6), 60_000);
        BinaryPrimitives.WriteUInt16LittleEndian(large.AsSpan(8), 3_000);
        int image = large.AsSpan().IndexOf((byte)0x2C);
        BinaryPrimitives.WriteUInt16LittleEndian(large.AsSpan(image + 1), 100);

        Assert.That(PictureFile.Decode(large).Pixels, Is.EqualTo(PictureFile.Decode(PictureSeeds.Gif).Pixels));
    }

    [Test]
    public void Decode_LosslessFormats_GiveThePixels()
    {
        // The encoder of GIF makes a palette, which keeps black and white.
        byte[] grays = [.. Enumerable.Range(0, 7 * 5).Select(i => (byte)(i * 7))];
        byte[] blackAndWhite = [.. Enumerable.Range(0, 7 * 5).Select(i => (byte)(i % 3 == 0 ? 255 : 0))];
        (byte[] Grays, IImageEncoder Encoder)[] files =
            [(grays, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless }), (blackAndWhite, new GifEncoder())];
        foreach ((byte[] expected, IImageEncoder encoder) in files)
        {
            byte[] rgb = [.. expected.SelectMany(gray => new[] { gray, gray, gray })];
            Assert.That(PictureFile.Decode(PictureSeeds.Encode(rgb, 7, 5, encoder)).Pixels, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Decode_CameraPicture_IsAveragedOverSquares()
    {
        // 24 megapixels, a column of squares of one value each: halved, 3000 x 2000.
        using MemoryStream rows = new();
        using (ZLibStream packed = new(rows, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] row = new byte[6001];
            for (int y = 0; y < 4000; y++)
            {
                row.AsSpan(1).Fill((byte)(y / 2 % 200));
                row[1] = (byte)((y / 2 % 200) + 3);
                packed.Write(row);
            }
        }

        byte[] png = PictureBytes.PngOf(
            PictureBytes.Chunk("IHDR", PictureBytes.Header(6000, 4000, 8, 0)), PictureBytes.Chunk("IDAT", rows.ToArray()),
            PictureBytes.Chunk("IEND", []));

        DecodedPicture picture = PictureFile.Decode(png);

        Assert.That((picture.Width, picture.Height), Is.EqualTo((3000, 2000)));
        for (int y = 0; y < 2000; y++)
        {
            // (3 + 0 + 3 + 0) / 4 above the row's gray, rounded up from 1.5.
            Assert.That(picture.Pixels[y * 3000], Is.EqualTo((y % 200) + 2));
            Assert.That(picture.Pixels[(y * 3000) + 2999], Is.EqualTo(y % 200));
        }
    }

    [TestCase("II*\0", "TIFF")]
    [TestCase("MM\0*", "TIFF")]
    [TestCase("\0\0\0\x18" + "ftypheic", "HEIC")]
    [TestCase("\0\0\0\x18" + "ftypavif", "AVIF")]
    [TestCase("8BPS", "Photoshop")]
    [TestCase("%PDF-1.7", "PDF")]
    public void Decode_FormatThatIsNotRead_IsNamedWithTheWayToConvert(string start, string name)
    {
        byte[] bytes = [.. start.Select(letter => (byte)letter), .. new byte[32]];

        Assert.That(PictureFile.IsPicture(bytes));
        Assert.That(
            () => PictureFile.Decode(bytes),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(name).And.Message.Contains("convert it to PNG or JPEG"));
    }

    /// <summary>2 x 1 pixels with a V4 header and masks for blue, green, red and alpha.</summary>
    private static byte[] TransparentBmp()
    {
        byte[] file = new byte[14 + 108 + 8];
        "BM"u8.CopyTo(file);
        (int At, uint Value)[] fields =
        [
            (2, (uint)file.Length), (10, 122), (14, 108), (18, 2), (22, 1), (26, 1 | (32 << 16)), (30, 3), (54, 0xFF0000), (58, 0xFF00),
            (62, 0xFF), (66, 0xFF000000), (122, 0x00070707), (126, 0xFF646464),
        ];
        foreach ((int at, uint value) in fields)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        }

        return file;
    }

    /// <summary>8 x 8 pixels of four components: 208, 48, 48 and 208.</summary>
    private static byte[] CmykJpeg()
    {
        // DC codes as in PictureBytes.Jpeg: 10 and four bits for a difference of 8 to 15 or -15 to -8, 0 for none. One unit is 8 · 8 / 8.
        // 128 + 8 · 10 = 208, 128 - 8 · 10 = 48.
        string bits = "10" + "1010" + "0" + "10" + "0101" + "0" + "10" + "0101" + "0" + "10" + "1010" + "0" + "1111";
        byte[] coded = [.. bits.Chunk(8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
        byte[] none = new byte[14];
        return
        [
            0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)64, 64),
            0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0,
            0xFF, 0xC4, 0, 21, 0x00, 1, 1, .. none, 0, 4,
            0xFF, 0xC4, 0, 20, 0x10, 1, 0, .. none, 0,
            0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0, .. coded, 0xFF, 0xD9,
        ];
    }
}
