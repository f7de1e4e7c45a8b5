using System.IO.Compression;
using GenSomAttn.Formats;
using GenSomAttn.Model.Pictures;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>Pixels, letters, colors, and PNG files.</summary>
public sealed class DrawingTests
{
    [Test]
    public void DrawImage_ScaleThree_EnlargesEachPixelToASquareAndTouchesNothingElse()
    {
        var picture = new Picture(8, 7, new Rgb(1, 2, 3));
        picture.DrawImage([0f, 1f, 0.5f, 2f], new(2, 1), 1, 1, 3);

        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                bool inside = x is >= 1 and < 7 && y >= 1;
                (int row, int column) = ((y - 1) / 3, (x - 1) / 3);
                byte[] levels = [0, 255, 128, 255]; // 0.5 rounds to even 128; 2 is clamped to white
                Rgb expected = inside ? Rgb.Gray(levels[(row * 2) + column]) : new Rgb(1, 2, 3);
                Assert.That(picture[x, y], Is.EqualTo(expected), $"pixel {x},{y}");
            }
        }
    }

    [Test]
    public void DrawImage_Color_HasTheColorsOfItsPixels()
    {
        var picture = new Picture(5, 4, Rgb.White);
        picture.DrawImage([1f, 0f, 0f, 0.2f, 0.4f, 0.6f, 0f, -1f, 2f, 1f, 1f, 0f], new(2, 3), 0, 0, 2);

        Assert.That(picture[1, 1], Is.EqualTo(new Rgb(255, 0, 0)));
        Assert.That(picture[2, 0], Is.EqualTo(new Rgb(51, 102, 153)));
        Assert.That(picture[0, 3], Is.EqualTo(new Rgb(0, 0, 255)));
        Assert.That(picture[3, 2], Is.EqualTo(new Rgb(255, 255, 0)));
        Assert.That(picture[4, 0], Is.EqualTo(Rgb.White));
    }

    [Test]
    public void DrawImage_OfAnotherLength_Throws() =>
        Assert.That(() => new Picture(9, 9, Rgb.White).DrawImage(new float[6], new(2, 1), 0, 0, 1), Throws.ArgumentException);

    [Test]
    public void FillRectangle_BeyondTheEdges_IsCutOff()
    {
        var picture = new Picture(3, 2, Rgb.White);
        picture.FillRectangle(-5, -5, 6, 6, Rgb.Ink);

        Assert.That(picture[0, 0], Is.EqualTo(Rgb.Ink));
        Assert.That(picture[1, 0], Is.EqualTo(Rgb.White));
        Assert.That(picture[0, 1], Is.EqualTo(Rgb.White));
        Assert.That(picture[2, 1], Is.EqualTo(Rgb.White));
    }

    [Test]
    public void DrawText_LetterT_HasItsBarAndItsStem()
    {
        TextFont font = TextFont.Large;
        var picture = new Picture(font.Measure("T"), font.CapitalHeight + 4, Rgb.White);
        picture.DrawText("T", 0, 0, font, Rgb.Ink);

        int middle = picture.Width / 2;
        int Darkness(int x, int y) => 255 - picture[x, y].Red;
        double bar = Enumerable.Range(2, picture.Width - 4).Average(x => Darkness(x, 0) + Darkness(x, 1));
        Assert.That(bar, Is.GreaterThan(150), "bar");
        Assert.That(Enumerable.Range(0, font.CapitalHeight - 1).Select(y => Darkness(middle, y) + Darkness(middle - 1, y)),
            Has.All.GreaterThan(150), "stem");
        Assert.That(Enumerable.Range(3, font.CapitalHeight).Select(y => Darkness(1, y)), Has.All.Zero, "below the bar");
        Assert.That(Enumerable.Range(0, picture.Width).Select(x => Darkness(x, picture.Height - 1)), Has.All.Zero, "below the baseline");
    }

    [Test]
    public void TextFont_EveryLetterOfLatinGreekAndCyrillic_HasInkAndAllDiffer()
    {
        string letters = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)) + "ÉàßşŁΩπσЖя–…≤×";
        foreach (TextFont font in (TextFont[])[TextFont.Small, TextFont.Large])
        {
            string[] glyphs = [.. letters.Select(letter => Glyph($"{letter}", font))];

            Assert.That(glyphs, Has.All.Contains("#"));
            Assert.That(glyphs, Is.Unique);
            Assert.That(Glyph(" ", font), Does.Not.Contain("#"));
            Assert.That(Glyph("漢", font), Is.EqualTo(Glyph("□", font)).And.EqualTo(Glyph("\uD83D\uDC57", font)));
            Assert.That(Glyph("\uD83D", font), Is.EqualTo(Glyph("□", font)), "half a surrogate pair");
            Assert.That(font.CapitalHeight, Is.GreaterThanOrEqualTo(9));
        }
    }

    [Test]
    public void TextFont_Fit_CutsWithAnEllipsis()
    {
        string name = new('W', 200);
        string cut = TextFont.Small.Fit(name, 100);

        Assert.That(cut, Does.EndWith("…"));
        Assert.That(TextFont.Small.Measure(cut), Is.InRange(80, 100));
        Assert.That(TextFont.Small.Fit("Bag", 100), Is.EqualTo("Bag"));
        Assert.That(TextFont.Small.Measure(""), Is.Zero);
    }

    [Test]
    public void ToPng_ScaleTwo_HasTwiceTheSizeAndSharpLetters()
    {
        var picture = new Picture(40, 24, Rgb.White);
        picture.DrawText("Hg", 2, 4, TextFont.Large, Rgb.Gray(0));
        picture.DrawImage([0f, 1f, 0.5f, 0.25f], new(2, 1), 34, 2, 3);
        var beside = new Picture(44, 24, Rgb.White);
        beside.Paste(picture, 4, 0);

        DecodedPicture plain = PictureFile.Decode(picture.ToPng());
        DecodedPicture sharp = PictureFile.Decode(picture.ToPng(2));
        DecodedPicture pasted = PictureFile.Decode(beside.ToPng(2));
        (int width, int differing) = (sharp.Width, 0);
        Assert.That((width, sharp.Height, sharp.Channels), Is.EqualTo((80, 48, 1)));
        for (int pixel = 0; pixel < sharp.Pixels.Length; pixel++)
        {
            (int x, int y) = (pixel % width, pixel / width);
            byte enlarged = plain.Pixels[(y / 2 * 40) + (x / 2)];
            differing += sharp.Pixels[pixel] != enlarged ? 1 : 0;
            Assert.That(x < 68 || sharp.Pixels[pixel] == enlarged, $"image, pixel {x},{y}");
            Assert.That(pasted.Pixels[(y * 88) + x + 8], Is.EqualTo(sharp.Pixels[pixel]), $"pasted, pixel {x},{y}");
        }

        // The same letters at the same place: as much ink within 5 %, but not in the enlarged pixels.
        static double Ink(byte[] pixels) => pixels.Sum(level => 255 - level);
        Assert.That(Ink(sharp.Pixels), Is.EqualTo(4 * Ink(plain.Pixels)).Within(5).Percent);
        Assert.That(differing, Is.GreaterThan(100));
        Assert.That(() => picture.ToPng(3), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Text_OnAnyColorOfThePalettes_HasEnoughContrast()
    {
        IEnumerable<Rgb> grounds = Enumerable.Range(0, 101).Select(step => Palette.Viridis(step / 100.0))
            .Concat(Enumerable.Range(0, Palette.Classes).Select(Palette.Class)).Append(ScaleBar.Empty);

        Assert.That(grounds.Select(ground => ground.ForText().ContrastTo(ground)), Has.All.GreaterThanOrEqualTo(4.5));
        Assert.That(Rgb.Ink.ContrastTo(Rgb.White), Is.GreaterThan(4.5));
        Assert.That(Rgb.Gray(0).ContrastTo(Rgb.White), Is.EqualTo(21).Within(1e-9));
    }

    [Test]
    public void Viridis_Ends_AreThoseOfMatplotlibAndOutsideIsCut()
    {
        Assert.That(Palette.Viridis(0), Is.EqualTo(new Rgb(0x44, 0x01, 0x54)));
        Assert.That(Palette.Viridis(1), Is.EqualTo(new Rgb(0xFD, 0xE7, 0x25)));
        Assert.That(Palette.Viridis(-1), Is.EqualTo(Palette.Viridis(0)));
        Assert.That(Palette.Viridis(7), Is.EqualTo(Palette.Viridis(1)));
    }

    [Test]
    public void Viridis_GrowingValue_GrowsLighter()
    {
        // The luma of a sequential scale must be monotonic, for color-blind readers.
        double last = -1;
        for (int step = 0; step <= 100; step++)
        {
            Rgb color = Palette.Viridis(step / 100.0);
            double luma = (0.299 * color.Red) + (0.587 * color.Green) + (0.114 * color.Blue);
            Assert.That(luma, Is.GreaterThan(last - 0.5), $"value {step} %"); // 0.5: channels are rounded
            last = luma;
        }
    }

    [Test]
    public void ClassColors_TenClasses_AllDiffer()
    {
        Rgb[] colors = [.. Enumerable.Range(0, 10).Select(Palette.Class)];

        Assert.That(colors, Is.Unique);
        Assert.That(Palette.Class(10), Is.EqualTo(colors[0]));
    }

    [Test]
    public void PictureFile_Encode_WritesTheRowsWithoutFilters()
    {
        var picture = new Picture(13, 7, new Rgb(9, 80, 200));
        picture.DrawText("Qy", 1, 0, TextFont.Small, new Rgb(250, 1, 128));

        // Signature, header (IHDR) of 25 bytes, then one chunk of pixels (IDAT): its zlib stream is behind length and type.
        byte[] png = picture.ToPng();
        using var pixels = new ZLibStream(new MemoryStream(png[(8 + 25 + 8)..]), CompressionMode.Decompress);
        byte[] rows = new byte[7 * (1 + (3 * 13))];
        pixels.ReadExactly(rows);

        Assert.That(png[12..29], Is.EqualTo((byte[])[.. "IHDR"u8, 0, 0, 0, 13, 0, 0, 0, 7, 8, 2, 0, 0, 0]));
        Assert.That(rows.Where((_, i) => i % 40 == 0), Is.All.Zero, "no filter");
        Assert.That(rows.Where((_, i) => i % 40 != 0), Is.EqualTo(picture.Rgb.ToArray()));
    }

    private static string Glyph(string letter, TextFont font)
    {
        var picture = new Picture(30, 30, Rgb.White);
        picture.DrawText(letter, 4, 8, font, Rgb.Gray(0));
        return string.Concat(Enumerable.Range(0, 900).Select(pixel => picture[pixel % 30, pixel / 30].Red switch
        {
            < 128 => '#',
            < 255 => '+',
            _ => '.',
        }));
    }
}
