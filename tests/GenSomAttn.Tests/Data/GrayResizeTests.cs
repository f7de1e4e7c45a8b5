using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Cropping to a square and resizing, against values computed by hand.</summary>
public sealed class GrayResizeTests
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

        byte[] wide = GrayResize.ToSquare(new GrayPicture(old.Length, old.Length, all), expected.Length);
        byte[] high = GrayResize.ToSquare(new GrayPicture(old.Length, old.Length, turned), expected.Length);

        for (int at = 0; at < wide.Length; at++)
        {
            Assert.That(wide[at], Is.EqualTo(expected[at % expected.Length]), $"across, {at}");
            Assert.That(high[at], Is.EqualTo(expected[at / expected.Length]), $"down, {at}");
        }
    }

    [Test]
    public void ToSquare_BothAxes_MixesFourPixels()
    {
        byte[] mean = GrayResize.ToSquare(new GrayPicture(2, 2, [0, 0, 0, 2]), 1);
        byte[] between = GrayResize.ToSquare(new GrayPicture(2, 2, [0, 160, 80, 240]), 4);

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

        Assert.That(GrayResize.ToSquare(new GrayPicture(5, 2, wide), 2), Is.EqualTo(new byte[] { 2, 3, 12, 13 }));
        Assert.That(GrayResize.ToSquare(new GrayPicture(2, 5, high), 2), Is.EqualTo(new byte[] { 11, 12, 21, 22 }));
    }

    [TestCase(4096, 4)]
    [TestCase(4000, 28)]
    [TestCase(29, 28)]
    [TestCase(3, 512)]
    public void ToSquare_White_StaysWhite(int size, int side)
    {
        byte[] white = [.. Enumerable.Repeat((byte)255, size * size)];
        Assert.That(GrayResize.ToSquare(new GrayPicture(size, size, white), side), Is.All.EqualTo(255));
    }
}
