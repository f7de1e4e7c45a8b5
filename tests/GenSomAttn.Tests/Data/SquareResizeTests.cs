using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Cropping to a square and resizing, against values computed by hand.</summary>
public sealed class SquareResizeTests
{
    /// <summary>Resizing along one axis; all rows are equal.</summary>
    [TestCase(new[] { 0, 90, 180 }, new[] { 0, 90, 180 }, TestName = "Same size: as it is")]
    [TestCase(new[] { 0, 100, 50, 51 }, new[] { 50, 51 }, TestName = "Half: means of two, 50.5 rounded up")]
    [TestCase(new[] { 0, 90, 180 }, new[] { 30, 150 }, TestName = "3 to 2: one and a half pixels each")]
    [TestCase(new[] { 10, 20, 30, 40, 50 }, new[] { 30 }, TestName = "5 to 1: the mean")]
    [TestCase(new[] { 0, 100 }, new[] { 0, 25, 75, 100 }, TestName = "2 to 4: quarters of the way, the ends as they are")]
    [TestCase(new[] { 7 }, new[] { 7, 7, 7 }, TestName = "1 to 3: all the same")]
    [TestCase(new[] { 0, 60, 120 }, new[] { 0, 24, 60, 96, 120 }, TestName = "3 to 5: at -0.2, 0.4, 1, 1.6 and 2.2")]
    public void ToSquare_OneAxis_HasTheValuesOfTheFormula(int[] old, int[] expected)
    {
        byte[] row = [.. old.Select(value => (byte)value)];
        byte[] all = [.. Enumerable.Range(0, old.Length).SelectMany(_ => row)];
        byte[] turned = [.. Enumerable.Range(0, all.Length).Select(at => row[at / old.Length])];

        byte[] wide = SquareResize.ToSquare(new DecodedPicture(old.Length, old.Length, 1, all), expected.Length);
        byte[] high = SquareResize.ToSquare(new DecodedPicture(old.Length, old.Length, 1, turned), expected.Length);

        for (int at = 0; at < wide.Length; at++)
        {
            Assert.That(wide[at], Is.EqualTo(expected[at % expected.Length]), $"across, {at}");
            Assert.That(high[at], Is.EqualTo(expected[at / expected.Length]), $"down, {at}");
        }
    }

    [Test]
    public void ToSquare_BothAxes_MixesFourPixels()
    {
        byte[] mean = SquareResize.ToSquare(new DecodedPicture(2, 2, 1, [0, 0, 0, 2]), 1);
        byte[] between = SquareResize.ToSquare(new DecodedPicture(2, 2, 1, [0, 160, 80, 240]), 4);

        // Half is rounded up; at the quarter points of both axes, (9 · 0 + 3 · 160 + 3 · 80 + 240) / 16 = 60.
        Assert.That(mean, Is.EqualTo(new byte[] { 1 }));
        Assert.That(between[5], Is.EqualTo(60));
        Assert.That(between[10], Is.EqualTo(180));
        Assert.That(new[] { between[0], between[3], between[12], between[15] }, Is.EqualTo(new byte[] { 0, 160, 80, 240 }));
    }

    [Test]
    public void ToSquare_NotSquare_KeepsTheMiddle()
    {
        byte[] wide = [1, 2, 3, 4, 5, 11, 12, 13, 14, 15];
        byte[] high = [1, 2, 11, 12, 21, 22, 31, 32, 41, 42];

        Assert.That(SquareResize.ToSquare(new DecodedPicture(5, 2, 1, wide), 2), Is.EqualTo(new byte[] { 2, 3, 12, 13 }));
        Assert.That(SquareResize.ToSquare(new DecodedPicture(2, 5, 1, high), 2), Is.EqualTo(new byte[] { 11, 12, 21, 22 }));
    }

    [TestCase(4096, 4)]
    [TestCase(4000, 28)]
    [TestCase(29, 28)]
    [TestCase(3, 512)]
    public void ToSquare_White_StaysWhite(int size, int side)
    {
        byte[] white = [.. Enumerable.Repeat((byte)255, size * size)];
        Assert.That(SquareResize.ToSquare(new DecodedPicture(size, size, 1, white), side), Is.All.EqualTo(255));
    }

    [Test]
    public void ToSquare_Color_ResizesEachChannelAsIfItWereGray()
    {
        // 5 x 3 and 3 x 5, to sides below and above.
        byte[] rgb = [.. Enumerable.Range(0, 45).Select(i => (byte)(i * 37 % 256))];
        foreach ((int width, int height) in new[] { (5, 3), (3, 5) })
        {
            foreach (PictureFit fit in Enum.GetValues<PictureFit>())
            {
                foreach (int side in new[] { 1, 2, 3, 4, 7 })
                {
                    byte[] color = SquareResize.ToSquare(new DecodedPicture(width, height, 3, rgb), side, fit, background: 9);
                    for (int channel = 0; channel < 3; channel++)
                    {
                        byte[] gray = [.. rgb.Where((_, i) => i % 3 == channel)];
                        byte[] expected = SquareResize.ToSquare(new DecodedPicture(width, height, 1, gray), side, fit, background: 9);
                        Assert.That(color.Where((_, i) => i % 3 == channel), Is.EqualTo(expected), $"{width} x {height}, {fit}, {side}");
                    }
                }
            }
        }
    }

    [Test]
    public void ToSquare_Stretch_UsesTheWholePicture()
    {
        Assert.That(
            SquareResize.ToSquare(new DecodedPicture(4, 1, 1, [0, 100, 50, 52]), 2, PictureFit.Stretch),
            Is.EqualTo(new byte[] { 50, 51, 50, 51 }));
    }

    [Test]
    public void ToSquare_Pad_PutsTheBackgroundBesideTheWholePicture()
    {
        // 4 x 2 at side 4 is as it is, with a row above and below; 1 x 3 at side 3 has a column at each side.
        byte[] wide = SquareResize.ToSquare(new DecodedPicture(4, 2, 1, [1, 2, 3, 4, 5, 6, 7, 8]), 4, PictureFit.Pad, 99);
        byte[] high = SquareResize.ToSquare(new DecodedPicture(1, 3, 1, [1, 2, 3]), 3, PictureFit.Pad, 0);
        byte[] thin = SquareResize.ToSquare(new DecodedPicture(1000, 1, 1, new byte[1000]), 2, PictureFit.Pad, 255);

        Assert.That(wide, Is.EqualTo(new byte[] { 99, 99, 99, 99, 1, 2, 3, 4, 5, 6, 7, 8, 99, 99, 99, 99 }));
        Assert.That(high, Is.EqualTo(new byte[] { 0, 1, 0, 0, 2, 0, 0, 3, 0 }));
        Assert.That(thin, Is.EqualTo(new byte[] { 0, 0, 255, 255 }), "at least one row is left of any picture");
    }
}
