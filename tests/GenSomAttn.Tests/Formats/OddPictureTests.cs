using System.Buffers.Binary;
using System.IO.Compression;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Formats;

/// <summary>Pictures as cameras, editors and other programs write them: intact, and often misread.</summary>
public sealed class OddPictureTests
{
    /// <summary>2 x 3: 1 2, 3 4, 5 6.</summary>
    private static readonly byte[] Upright = [1, 2, 3, 4, 5, 6];

    /// <summary>EXIF's orientation, and what is stored for the upright picture, by the table of EXIF 2.32, 4.6.4 A.</summary>
    private static readonly TestCaseData<int, int, byte[]>[] Orientations =
    [
        new(1, 2, [1, 2, 3, 4, 5, 6]), new(2, 2, [2, 1, 4, 3, 6, 5]), new(3, 2, [6, 5, 4, 3, 2, 1]), new(4, 2, [5, 6, 3, 4, 1, 2]),
        new(5, 3, [1, 3, 5, 2, 4, 6]), new(6, 3, [2, 4, 6, 1, 3, 5]), new(7, 3, [6, 4, 2, 5, 3, 1]), new(8, 3, [5, 3, 1, 6, 4, 2]),
    ];

    [TestCaseSource(nameof(Orientations))]
    public void Decode_PngWithExif_IsUpright(int orientation, int width, byte[] stored)
    {
        foreach (bool isLittle in new[] { true, false })
        {
            byte[] rows = [.. stored.Chunk(width).SelectMany(row => row.Prepend((byte)0))];
            byte[] bytes = PictureBytes.Png(
                PictureBytes.Header(width, 6 / width, 8, 0), rows, PictureBytes.Chunk("eXIf", Exif((short)orientation, isLittle)));

            DecodedPicture picture = PictureFile.Decode(bytes);

            Assert.That((picture.Width, picture.Height), Is.EqualTo((2, 3)));
            Assert.That(picture.Pixels, Is.EqualTo(Upright));
        }
    }

    [TestCase(6)]
    [TestCase(8)]
    [TestCase(3)]
    public void Decode_JpegAndWebpWithExif_AreTurned(int orientation)
    {
        // Red left, blue right.
        byte[] rgb = [.. Enumerable.Range(0, 16 * 8).SelectMany(i => i % 16 < 8 ? new byte[] { 255, 0, 0 } : [0, 0, 255])];
        byte[] jpeg = PictureSeeds.Encode(rgb, 16, 8, new JpegEncoder { Quality = 100 });
        byte[] webp = PictureSeeds.Encode(rgb, 16, 8, new WebpEncoder { FileFormat = WebpFileFormatType.Lossless });
        byte[] exif = Exif((short)orientation, isLittle: true);
        byte[] segment = [0xFF, 0xE1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif];
        foreach (byte[] bytes in new byte[][] { [.. jpeg[..2], .. segment, .. jpeg[2..]], WithExif(webp, exif) })
        {
            DecodedPicture picture = PictureFile.Decode(bytes);

            (int X, int Y) red = orientation switch
            {
                6 => (4, 2),
                8 => (4, 12),
                _ => (12, 4),
            };
            Assert.That((picture.Width, picture.Height), Is.EqualTo(orientation == 3 ? (16, 8) : (8, 16)));
            Assert.That((int)picture.Pixels[3 * ((red.Y * picture.Width) + red.X)], Is.GreaterThan(240), "red is there");
        }
    }

    [Test]
    public void Decode_DamagedExif_IsUpright()
    {
        byte[] exif = Exif(6, isLittle: true);
        byte[][] damaged = [exif[..7], exif[..12], [.. "XX*\0"u8, .. exif[4..]], Exif(9, isLittle: true), Exif(0, isLittle: false)];
        foreach (byte[] bytes in damaged)
        {
            byte[] png = PictureBytes.Png(PictureBytes.Header(2, 3, 8, 0), [0, 1, 2, 0, 3, 4, 0, 5, 6], PictureBytes.Chunk("eXIf", bytes));
            Assert.That(PictureFile.Decode(png).Pixels, Is.EqualTo(Upright));
        }
    }

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

    /// <summary>Metadata in the TIFF structure with the width, which does not matter, and the orientation.</summary>
    private static byte[] Exif(short orientation, bool isLittle)
    {
        byte[] exif = new byte[8 + 2 + (2 * 12) + 4];
        (isLittle ? "II*\0"u8 : "MM\0*"u8).CopyTo(exif);
        WriteInt(4, 8);
        WriteShort(8, 2);
        WriteShort(10, 0x0100);
        WriteShort(12, 3);
        WriteInt(14, 1);
        WriteShort(18, 7);
        WriteShort(22, 0x0112);
        WriteShort(24, 3);
        WriteInt(26, 1);
        WriteShort(30, orientation);
        return exif;

        void WriteShort(int at, short value)
        {
            BinaryPrimitives.WriteInt16LittleEndian(exif.AsSpan(at), isLittle ? value : BinaryPrimitives.ReverseEndianness(value));
        }

        void WriteInt(int at, int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(exif.AsSpan(at), isLittle ? value : BinaryPrimitives.ReverseEndianness(value));
        }
    }

    /// <summary>Appends an EXIF chunk to a WebP file.</summary>
    private static byte[] WithExif(byte[] webp, byte[] exif)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, exif.Length);
        byte[] file = [.. webp, .. "EXIF"u8, .. length, .. exif];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
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
