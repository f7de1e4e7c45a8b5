using System.Buffers.Binary;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Hostile;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;

namespace GenSomAttn.Tests.Formats;

/// <summary>Pictures that a camera stored turned or mirrored, with EXIF's note of it.</summary>
public sealed class ExifOrientationTests
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
}
