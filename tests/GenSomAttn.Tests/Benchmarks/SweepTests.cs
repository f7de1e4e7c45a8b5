using System.Globalization;
using System.Xml.Linq;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Benchmarks;

/// <summary>Costs against sizes: points, slopes and files.</summary>
public sealed class SweepTests
{
    private static readonly SweepPlan Tiny = new()
    {
        Batches = [1, 3],
        Latents = [8, 16, 24],
        MapSides = [2, 5],
        ImageSides = [8, 12],
        MapVectors = 10,
        Large = new LargeMap(4, 33, 100, 20),
        Duration = TimeSpan.FromMilliseconds(1),
    };

    private static readonly string[] Columns =
    [
        "against", "value", "quantity", "threads", "samples", "median_microseconds", "min_microseconds", "max_microseconds",
        "gigaflops", "gigaflops_per_second", "share_of_roof", "expected_slope", "fitted_slope",
    ];

    private SweepResult _sweep = null!;

    [OneTimeSetUp]
    public void SweepOnce()
    {
        using Backend<float> backend = BackendFactory.Create("cpu", 1);
        TrainingSettings settings = new() { BatchSize = 4, Latent = 8, MapHeight = 3, MapWidth = 4, Attention = AttentionKind.None };
        _sweep = Sweep.Run(backend, 1, settings, Tiny, Enum.GetValues<SweepKind>().ToHashSet(), _ => { });
    }

    [TestCase(1.0, 2.0, 3.0)]
    [TestCase(5.0, 0.5, 7.0)]
    public void Slope_OfAPower_IsItsExponent(double factor, double exponent, double last)
    {
        double[] x = [1, 2, last, 33];

        Assert.That(LogLogLine.Slope(x.Select(each => (each, factor * Math.Pow(each, exponent)))), Is.EqualTo(exponent).Within(1e-12));
    }

    [Test]
    public void Sweep_Points_AreThoseOfThePlan()
    {
        string[] curves =
        [
            .. _sweep.Series.Select(series =>
                $"{series.Kind}, {series.Quantity}: {string.Join(' ', series.Points.Select(point => point.Value))}"),
        ];

        Assert.That(curves, Is.EqualTo(
        [
            "Batch, training step: 1 3", "Batch, inference: 1 3",
            "Latent, training step: 8 16 24", "Latent, map search of 10: 8 16 24",
            "Units, training step: 4 25", "Units, map search of 10: 4 25", "Units, map update of 10: 4 25",
            "Side, training step: 8 12", "Side, inference: 8 12",
        ]));
        Assert.That(_sweep.Series.SelectMany(series => series.Points).Select(point => point.Time.MedianMicroseconds), Is.All.Positive);
        Assert.That(_sweep.Series.SelectMany(series => series.Points).Select(point => point.Arithmetic.ShareOfRoof), Is.All.Positive);
    }

    [Test]
    public void Sweep_ExpectedSlopes_AreThoseOfTheFormulas()
    {
        double Expected(int series) => _sweep.Series[series].ExpectedSlope;

        // The batch update of the map smooths 1 sample for a batch of 1, and min(3, 3 + 4) for 3: linear here too.
        Assert.That(Expected(0), Is.EqualTo(1).Within(1e-9));
        Assert.That(Expected(1), Is.EqualTo(1).Within(1e-9));
        Assert.That(Expected(3), Is.EqualTo(1).Within(1e-9));
        Assert.That(Expected(5), Is.EqualTo(1).Within(1e-9));

        // 2·U·D·min(10, 2√U): 4 along rows and columns of 2, and all 10 samples directly on a map of 5 x 5.
        Assert.That(Expected(6), Is.EqualTo(Math.Log(25 * 10.0 / (4 * 4)) / Math.Log(25 / 4.0)).Within(1e-9));

        // Only the cost of the map does not grow with the image.
        Assert.That(Expected(7), Is.EqualTo(2).Within(0.02));
        Assert.That(Expected(8), Is.EqualTo(2).Within(0.02));
    }

    [Test]
    public void LargeMap_OfFewerVectorsThanMeant_SaysWhatAllWouldTake()
    {
        Assert.That(_sweep.Large.Select(row => row.Work), Is.EqualTo(["search", "update", "product"]));
        LargeMapResult search = _sweep.Large[0];
        LargeMapResult product = _sweep.Large[2];
        Assert.That(search.Arithmetic.Gigaflops, Is.EqualTo(2e-9 * 20 * 16 * 33).Within(1e-15));
        Assert.That(product.Arithmetic.Gigaflops, Is.EqualTo(search.Arithmetic.Gigaflops));
        Assert.That(search.SecondsForAll, Is.EqualTo(5 * search.Time.MedianMicroseconds / 1e6).Within(1e-12));
        Assert.That(_sweep.Large[1].SecondsForAll, Is.Null);
    }

    [Test]
    public void Files_OfASweep_AreATableAndAPictureForEachSize()
    {
        using TemporaryFolder folder = new();

        IReadOnlyList<string> files = SweepFiles.Save(folder.Path, _sweep);

        Assert.That(
            files.Select(file => Path.GetRelativePath(folder.Path, file)),
            Is.EqualTo(["sweep.csv", "batch.svg", "latent.svg", "units.svg", "side.svg"]));
        string[][] rows = [.. File.ReadLines(files[0]).Select(line => line.Split(','))];
        Assert.That(rows[0], Is.EqualTo(Columns));
        Assert.That(rows, Has.Length.EqualTo(1 + _sweep.Series.Sum(series => series.Points.Count) + 3));
        Assert.That(rows.Select(row => row.Length), Is.All.EqualTo(Columns.Length));
        Assert.That(rows[1][..4], Is.EqualTo(["batch", "1", "training step", "1"]));
        Assert.That(rows[3][2], Is.EqualTo("inference"));
        Assert.That(double.Parse(rows[1][5], CultureInfo.InvariantCulture), Is.EqualTo(_sweep.Series[0].Points[0].Time.MedianMicroseconds));
        Assert.That(rows[^1][0], Is.EqualTo("large"));
    }

    [Test]
    public void Pictures_OfASweep_AreWellFormedAndHoldEveryPoint()
    {
        using TemporaryFolder folder = new();
        foreach (string file in SweepFiles.Save(folder.Path, _sweep).Where(file => file.EndsWith(".svg", StringComparison.Ordinal)))
        {
            XElement svg = XDocument.Load(file).Root!;
            SweepKind kind = Enum.Parse<SweepKind>(Path.GetFileNameWithoutExtension(file), ignoreCase: true);
            SweepSeries[] series = [.. _sweep.Series.Where(each => each.Kind == kind)];
            double[] size = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(Number)];

            // A line and a dashed line for each curve; a point for each measurement and one in the legend.
            Assert.That(Named(svg, "polyline").Count(), Is.EqualTo(2 * series.Length), file);
            XElement[] points = [.. Named(svg, "circle")];
            Assert.That(points, Has.Length.EqualTo(series.Sum(each => each.Points.Count + 1)), file);
            Assert.That(points.Select(point => Number(point.Attribute("cx")!.Value)), Is.All.InRange(0, size[2]), file);
            Assert.That(points.Select(point => Number(point.Attribute("cy")!.Value)), Is.All.InRange(0, size[3]), file);
            string[] texts = [.. Named(svg, "text").Select(text => text.Value)];
            Assert.That(texts.Count(text => text.StartsWith("expected", StringComparison.Ordinal)), Is.EqualTo(series.Length), file);
        }
    }

    private static IEnumerable<XElement> Named(XElement svg, string name)
        => svg.Elements().Where(element => element.Name.LocalName == name);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
