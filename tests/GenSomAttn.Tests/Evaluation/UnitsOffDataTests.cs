using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Units that resemble no training image, and the distance of neighboring units.</summary>
public sealed class UnitsOffDataTests
{
    [Test]
    public void Includes_DistancesAboveTheBound_Alone()
    {
        var offData = new UnitsOffData([1, 2, 3, 2.5], 2.5);

        Assert.That(Enumerable.Range(0, 4).Select(offData.Includes), Is.EqualTo((bool[])[false, false, true, false]));
        Assert.That(offData.Share, Is.EqualTo(0.25));
    }

    [Test]
    public void Of_TheDecodedUnitsAsTrainingImages_IsNone()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        Dataset data = TinyData.Load(40, 12, 8);
        using SomAttnModel model = new(
            backend, new TrainingSettings { Latent = 8, BatchSize = 8, MapHeight = 2, MapWidth = 3 }, data.Test.Shape);
        model.Initialize();
        float[] units = new MapSampler(model).Prototypes();
        ImageSet decoded = SampleEvaluator.ToImages(units, data.Train.Shape);

        // An untrained decoder makes gray images, unlike spots on black.
        Assert.That(UnitsOffData.Of(model, data)!.Share, Is.EqualTo(1));

        // Rounding to bytes moves a pixel by 1/510 at most, and 64 pixels by 8/510.
        UnitsOffData own = UnitsOffData.Of(model, new Dataset(decoded, data.Test, [], "decoded"))!;
        Assert.That(own.Share, Is.Zero);
        Assert.That(own.Distances, Is.All.LessThanOrEqualTo((8 / 510.0) + 1e-6));
        Assert.That(own.Bound, Is.EqualTo(Percentile95(data.Test, units)).Within(0.02));
        Assert.That(UnitsOffData.Of(model, new Dataset(data.Train, data.Test.First(0), [], "none")), Is.Null);
    }

    [Test]
    public void MeanNeighborDistance_OfLattices_CountsEachPairOnce()
    {
        // 0 1 3
        // 0 5 3
        float[] codebook = [0, 1, 3, 0, 5, 3];

        Assert.That(MapQuality.MeanNeighborDistance(codebook, new MapGrid(2, 3)), Is.EqualTo((1 + 2 + 5 + 2 + 0 + 4 + 0) / 7.0));
        Assert.That(
            MapQuality.MeanNeighborDistance(codebook, new MapGrid(2, 3, MapLattice.Hexagon)),
            Is.EqualTo((1 + 2 + 5 + 2 + 0 + 4 + 0 + 1 + 2) / 9.0));
        Assert.That(MapQuality.MeanNeighborDistance([3, 4, 0, 0], new MapGrid(1, 2)), Is.EqualTo(5));
        Assert.That(MapQuality.MeanNeighborDistance([3, 4], new MapGrid(1, 1)), Is.Null);
    }

    private static double Percentile95(ImageSet test, float[] units)
    {
        float[] pixels = test.ToFloats();
        int length = test.Shape.Length;
        double[] nearest =
        [
            .. Enumerable.Range(0, test.Count).Select(n => Enumerable.Range(0, units.Length / length).Min(unit => Math.Sqrt(
                Enumerable.Range(0, length).Sum(i => Math.Pow(pixels[(n * length) + i] - units[(unit * length) + i], 2))))).Order(),
        ];
        return nearest[(int)Math.Ceiling(0.95 * nearest.Length) - 1];
    }
}
