using GenSomAttn.Backends;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Baselines;

/// <summary>The baselines on pixels: k-means and a map.</summary>
public sealed class PixelBaselineTests : IDisposable
{
    private const int Pixels = 64;
    private static readonly Dataset Data = TinyData.Load(150, 33, 8);
    private static readonly TrainingSettings Settings =
        new() { Epochs = 8, BatchSize = 16, MapHeight = 3, MapWidth = 4, MapOptions = null, Seed = 5 };

    private readonly Backend<float> _backend = AllBackends.Create("cpu");

    [OneTimeTearDown]
    public void Dispose() => _backend.Dispose();

    [Test]
    public void Score_KMeans_IsWhatItsCentersDoOnTestImages()
    {
        Rows<float> test = Vectors(Data.Test);
        NearestRows nearest = KMeans.Fit(Vectors(Data.Train), 12, Settings.Seed).Assign(test);
        double purity = Enumerable.Range(0, 33).GroupBy(n => nearest.Index[n])
            .Sum(group => group.GroupBy(n => Data.Test.Labels[n]).Max(same => same.Count())) / 33.0;

        EvaluationResult result = Score(PixelBaselineKind.KMeans);

        // The baseline computes distances in float.
        Assert.That(result.MseQ, Is.EqualTo(nearest.SquaredDistances.Average() / Pixels).Within(1e-4).Percent);
        Assert.That(result.QuantizationError, Is.EqualTo(nearest.SquaredDistances.Average(Math.Sqrt)).Within(1e-4).Percent);
        Assert.That(result.Purity, Is.EqualTo(purity).Within(1e-12));
        Assert.That(result.UnitsUsed, Is.EqualTo(nearest.Index.Distinct().Count()));
        Assert.That((result.Te4, result.Te8, result.MseE), Is.EqualTo(((double?)null, (double?)null, (double?)null)));
    }

    [Test]
    public void Score_ColorImages_TakesEveryChannel()
    {
        Dataset data = TinyData.LoadColor(150, 33, 8);
        NearestRows nearest = KMeans.Fit(Vectors(data.Train), 12, Settings.Seed).Assign(Vectors(data.Test));

        EvaluationResult kMeans = PixelBaseline.Score(PixelBaselineKind.KMeans, _backend, data, Settings, _ => { }, default);
        EvaluationResult map = PixelBaseline.Score(PixelBaselineKind.Map, _backend, data, Settings, _ => { }, default);

        Assert.That(kMeans.MseQ, Is.EqualTo(nearest.SquaredDistances.Average() / data.Test.Shape.Length).Within(1e-4).Percent);
        Assert.That(map.MseQ, Is.InRange(kMeans.MseQ!.Value, 3 * kMeans.MseQ.Value));
    }

    [Test]
    public void Score_Map_LiesBetweenTheMeanImageAndKMeans()
    {
        Rows<float> test = Vectors(Data.Test);
        double ofMean = KMeans.Fit(Vectors(Data.Train), 1, 1).Assign(test).SquaredDistances.Average() / Pixels;

        EvaluationResult map = Score(PixelBaselineKind.Map);

        Assert.That(map.MseQ, Is.GreaterThan(Score(PixelBaselineKind.KMeans).MseQ!.Value));
        Assert.That(map.MseQ, Is.LessThan(0.6 * ofMean), "the map unfolds");
        Assert.That(map.Te8, Is.LessThan(0.3), "and preserves neighborhoods, of which a random map would preserve less than half");
        Assert.That(map.UnitLabelAccuracy, Is.GreaterThan(0.5), "the spot's quadrant shows: guessing would give a quarter");
        Assert.That(Score(PixelBaselineKind.Map), Is.EqualTo(map), "the same seed, the same map");
    }

    [TestCase(PixelBaselineKind.KMeans, 5, "k-means on pixels has 5 centers, not 12: there are only 5 different training images")]
    [TestCase(PixelBaselineKind.KMeans, 1, "k-means on pixels has 1 center, not 12: there is only 1 different training image")]
    [TestCase(PixelBaselineKind.Map, 1, "the map on pixels uses 1 of its 12 units: there is only 1 different training image")]
    public void Score_FewerDifferentImagesThanUnits_UsesAsManyAndSaysSo(PixelBaselineKind kind, int different, string note)
    {
        Dataset data = TinyData.LoadOf(30, 12, 8, (n, y, x) => (byte)((40 * (n % different)) + y + x), n => (byte)(n % 2));
        List<string> notes = [];

        EvaluationResult result = PixelBaseline.Score(kind, _backend, data, Settings, notes.Add, CancellationToken.None);

        Assert.That(notes, Is.EqualTo([note]));
        Assert.That(result.UnitsUsed, Is.EqualTo(different));
        Assert.That(result.MseQ, kind == PixelBaselineKind.Map ? Is.LessThan(0.1) : Is.EqualTo(0).Within(1e-6));
    }

    [TestCase(PixelBaselineKind.KMeans)]
    [TestCase(PixelBaselineKind.Map)]
    public void Score_ToldToStop_GivesUp(PixelBaselineKind kind)
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.That(
            () => PixelBaseline.Score(kind, _backend, Data, Settings, _ => { }, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    private EvaluationResult Score(PixelBaselineKind kind) =>
        PixelBaseline.Score(kind, _backend, Data, Settings, note => Assert.Fail(note), CancellationToken.None);

    private static Rows<float> Vectors(ImageSet images) =>
        new(Array.ConvertAll(images.Pixels.ToArray(), pixel => pixel / 255f), images.Shape.Length);
}
