using System.Globalization;
using System.Text.RegularExpressions;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>
/// The colors of classes and layers as color-blind readers see them, who are 8 % of all men. A difference of 1 in CIELAB (ΔE*ab, CIE 1976)
/// is just noticeable side by side; colors that a reader finds in a legend need far more.
/// </summary>
public sealed partial class PaletteTests
{
    // Dichromats of G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, A Physiologically-based Model for Simulation of Color Vision
    // Deficiency, IEEE Transactions on Visualization and Computer Graphics 15, 2009, severity 1.0, in linear RGB.
    private static readonly Dictionary<string, double[]> Vision = new()
    {
        ["normal"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    private static readonly Rgb[] Classes = [.. Enumerable.Range(0, Palette.Classes).Select(Palette.Class)];
    private static readonly Rgb[] Viridis = [.. Enumerable.Range(0, 10).Select(step => Palette.Viridis(step / 9.0))];

    // The two lines of a chart, ScoreCurves and LogLogChart, differ in their dashes too.
    private static readonly Rgb[] Lines = [Rgb.Hex(0x4477AA), Rgb.Hex(0xEE6677)];

    [TestCase("normal", 22)]
    [TestCase("deuteranopia", 17)]
    [TestCase("protanopia", 15)]
    [TestCase("tritanopia", 15)]
    public void ClassColors_AnyTwoAndEmptyUnits_CanBeToldApart(string vision, double least) =>
        Assert.That(Closest([.. Classes, ScaleBar.Empty], vision), Is.GreaterThan(least));

    [TestCase("normal", 14, 47)]
    [TestCase("deuteranopia", 7.5, 28)]
    [TestCase("protanopia", 7, 29)]
    [TestCase("tritanopia", 8.5, 14)]
    public void Viridis_NeighboringSamplesAndMissingValues_CanBeToldApart(string vision, double least, double leastOfMissing)
    {
        Assert.That(Closest(Viridis, vision), Is.GreaterThan(least), "samples, a ninth of the scale apart");
        Assert.That(Viridis.Min(color => Difference(color, ScaleBar.Empty, vision)), Is.GreaterThan(leastOfMissing));
        Assert.That(Difference(Viridis[0], Viridis[^1], vision), Is.GreaterThan(75), "the ends");
    }

    [TestCase("deuteranopia")]
    [TestCase("protanopia")]
    [TestCase("tritanopia")]
    public void OutlinesAndLines_OnWhatTheyAreDrawn_CanBeSeen(string vision)
    {
        Assert.That(Viridis.Min(color => Difference(color, Rgb.Outline, vision)), Is.GreaterThan(20), "borders of clusters");
        Assert.That(Difference(Rgb.White, Rgb.Outline, vision), Is.GreaterThan(40), "frames between images");
        Assert.That(Closest(Lines, vision), Is.GreaterThan(30), "curves");
    }

    [TestCase("normal", 12)]
    [TestCase("deuteranopia", 11)]
    [TestCase("protanopia", 11)]
    [TestCase("tritanopia", 12)]
    public void ColorsOfTheAtlas_AreThoseOfThePicturesAndTheDivergingOnesCanBeToldApart(string vision, double least)
    {
        string script = File.ReadAllText(Path.Combine(Repository.Root, "src", "GenSomAttn.Model", "Atlas", "Page", "layers.js"));
        Rgb[] Colors(string name) =>
        [
            .. Code().Matches(script.Split($"const {name} = [")[1].Split(']')[0])
                .Select(match => Rgb.Hex(int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
        ];

        Rgb[] diverging = Colors("sunset");
        Assert.That(Colors("classColors"), Is.EqualTo(Classes));
        Assert.That(Colors("viridis"), Is.EqualTo(Viridis));
        Assert.That(Closest(diverging, vision), Is.GreaterThan(least), "neighbors");
        for (int step = 0; step < diverging.Length / 2; step++)
        {
            Assert.That(Difference(diverging[step], diverging[^(step + 1)], vision), Is.GreaterThan(20), $"two sides, {step}");
        }
    }

    private static double Closest(Rgb[] colors, string vision) =>
        colors.SelectMany((a, at) => colors.Skip(at + 1).Select(b => Difference(a, b, vision))).Min();

    private static double Difference(Rgb a, Rgb b, string vision)
    {
        (double L, double A, double B) first = Lab(a, Vision[vision]);
        (double L, double A, double B) second = Lab(b, Vision[vision]);
        return Math.Sqrt(Square(first.L - second.L) + Square(first.A - second.A) + Square(first.B - second.B));

        static double Square(double x) => x * x;
    }

    /// <summary>Converts sRGB to CIELAB with the white of D65. Source: IEC 61966-2-1 and CIE 15:2004.</summary>
    private static (double L, double A, double B) Lab(Rgb color, double[] vision)
    {
        double[] rgb = [.. new[] { color.Red, color.Green, color.Blue }.Select(Linear)];
        double[] seen = [.. Times(vision, rgb).Select(channel => Math.Clamp(channel, 0, 1))];
        double[] toXyz = [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041];
        double[] white = Times(toXyz, [1, 1, 1]);
        double[] f = [.. Times(toXyz, seen).Select((value, at) => F(value / white[at]))];
        return ((116 * f[1]) - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]));

        static double Linear(byte channel) =>
            channel / 255.0 <= 0.04045 ? channel / 255.0 / 12.92 : Math.Pow(((channel / 255.0) + 0.055) / 1.055, 2.4);
        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (841.0 / 108 * t) + (4.0 / 29);
    }

    private static double[] Times(double[] matrix, double[] x) =>
        [.. matrix.Chunk(3).Select(row => (row[0] * x[0]) + (row[1] * x[1]) + (row[2] * x[2]))];

    [GeneratedRegex("\"#([0-9A-Fa-f]{6})\"")]
    private static partial Regex Code();
}
