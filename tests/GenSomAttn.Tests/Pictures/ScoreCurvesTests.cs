using System.Globalization;
using System.Xml.Linq;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Runs;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>Curves of a training, as SVG.</summary>
public sealed class ScoreCurvesTests
{
    [Test]
    public void ToSvg_ARowForEachEpoch_HasAPointOfEachCurveAtItsHeight()
    {
        EpochMetrics[] rows = [Row(0, null, 0.1, 1), Row(1, 0.1, 0.01, 0.5), Row(2, 0.001, 0.02, 0)];
        (double X, double Y)[][] curves = Curves(ScoreCurves.ToSvg(rows, []));

        Assert.That(curves.Select(curve => curve.Length), Is.EqualTo([2, 3, 3, 3, 3, 3]), "loss, mse_e, mse_q, te4, te8, units");


        // Epochs are evenly spaced, and logarithms of the loss: 0.1 above 0.001.
        Assert.That(curves[1].Select(point => point.X), Is.EqualTo([58, 203, 348]).Within(0.1));
        Assert.That(curves[0][0].Y, Is.LessThan(curves[0][1].Y));

        // Topographic errors on a linear axis from 0 to 1.
        Assert.That(curves[3].Select(point => point.Y), Is.EqualTo([38, 117, 196]).Within(0.1));
    }

    [Test]
    public void ToSvg_WithoutNumbers_HasNoCurve()
    {
        Assert.That(Curves(ScoreCurves.ToSvg([], [])), Is.Empty);
        Assert.That(Curves(ScoreCurves.ToSvg([Row(0, null, null, null)], [])), Is.Empty);
    }

    [Test]
    public void ToSvg_LossesOfSteps_AreThoseOfTheRowsEpochs()
    {
        StepLoss[] losses = [new(10, 1, 1), new(20, 1, 0.5f), new(30, 2, 0.1f)];
        (double X, double Y)[][] curves = Curves(ScoreCurves.ToSvg([Row(0, null, null, null), Row(1, null, null, null)], losses));

        Assert.That(curves, Has.Length.EqualTo(1));
        Assert.That(curves[0].Select(point => point.X), Is.EqualTo([203, 348]).Within(0.1), "without that of epoch 2");
    }

    [Test]
    public void ToSvg_TwoRuns_AreSolidAndDashedInTheSameCharts()
    {
        EpochMetrics[] rows = [Row(0, 1, 0.1, 1), Row(1, 0.5, 0.1, 1)];
        string svg = ScoreCurves.ToSvg([new("first", rows, []), new("<second> & \"x\"", [.. rows, Row(2, 0.25, 0.1, 1)], [])]);

        (double X, double Y)[][] curves = Curves(svg);
        Assert.That(curves.Select(curve => curve.Length), Is.EqualTo([2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3]));
        Assert.That(curves[0], Is.EqualTo(curves[1][..2]), "one scale");
        Assert.That(svg.Split("stroke-dasharray"), Has.Length.EqualTo(1 + 6 + 1), "six curves and the legend");
        Assert.That(svg, Does.Contain("&lt;second&gt; &amp; &quot;x&quot;</text>"));
    }

    [TestCase(0.0)]
    [TestCase(1e-30)]
    [TestCase(1e30)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NaN)]
    public void ToSvg_ExtremeNumbers_KeepsFiniteCoordinates(double value)
    {
        string svg = ScoreCurves.ToSvg([Row(0, value, value, value), Row(1, value, value, value)], []);

        Assert.That(Curves(svg).SelectMany(curve => curve), Is.All.Matches<(double X, double Y)>(
            point => point is { X: >= 0 and <= 360, Y: >= 0 and <= 230 }));
        Assert.That(svg, Does.Not.Contain("NaN").And.Not.Contain("∞"));
    }

    private static (double X, double Y)[][] Curves(string svg) =>
    [
        .. from line in XDocument.Parse(svg).Descendants()
           where line.Name.LocalName == "polyline"
           select line.Attribute("points")!.Value.Split(' ').Select(Point).ToArray(),
    ];

    private static (double X, double Y) Point(string text)
    {
        double[] numbers = [.. text.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }

    private static EpochMetrics Row(int epoch, double? loss, double? error, double? topographic) => MetricsLogTests.Row(epoch) with
    {
        Loss = loss,
        MseE = error,
        MseQ = error,
        Te4 = topographic,
        Te8 = topographic,
        UnitsUsed = topographic is null ? null : 100,
        Sigma = null,
        Eta = null,
        LearningRate = 0,
    };
}
