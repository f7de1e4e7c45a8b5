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
    public void Of_AnyModel_EqualsTheFormula()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using SomAttnModel model = Untrained(backend, out Dataset data);
        UnitsOffData found = Of(model, data);

        // Sums of 64 products in single precision, and a root of a difference near 0.
        Assert.That(found.Distances, Is.EqualTo(Nearest(new MapSampler(model).Prototypes(), data.Train)).Within(1e-4));
        double[] ofTest = [.. Nearest(Reconstructions(model, data), data.Train).Order()];
        Assert.That(found.Bound, Is.EqualTo(ofTest[(int)Math.Ceiling(0.95 * ofTest.Length) - 1]).Within(1e-4));
        Assert.That(UnitsOffData.Of(model, new Dataset(data.Train, data.Test.First(0), [], "none"), []), Is.Null);
    }

    [Test]
    public void Of_UnitUnlikeTheTrainingImages_IsIncluded()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using SomAttnModel model = Untrained(backend, out Dataset data);
        float[] codebook = model.Map.Codebook.ToArray();
        codebook.AsSpan(2 * model.Settings.Latent, model.Settings.Latent).Fill(100);
        model.Map.Codebook.CopyFrom(codebook);
        ImageSet units = SampleEvaluator.ToImages(new MapSampler(model).Prototypes(), data.Train.Shape);
        ImageSet reconstructions = SampleEvaluator.ToImages(Reconstructions(model, data), data.Train.Shape);

        UnitsOffData off = Of(model, new Dataset(reconstructions, data.Test, [], "reconstructions"));
        Assert.That(Enumerable.Range(0, 6).Where(off.Includes), Does.Contain(2));

        // Rounding to bytes moves a pixel of some 0.5 by 1/510 at most.
        UnitsOffData own = Of(model, new Dataset(units, data.Test, [], "units"));
        Assert.That(own.Distances, Is.All.LessThan(0.01));
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

    private static SomAttnModel Untrained(Backend<float> backend, out Dataset data)
    {
        data = TinyData.Load(40, 12, 8);
        SomAttnModel model = new(
            backend, new TrainingSettings { Latent = 8, BatchSize = 8, MapHeight = 2, MapWidth = 3 }, data.Test.Shape);
        model.Initialize();
        return model;
    }

    private static UnitsOffData Of(SomAttnModel model, Dataset data) =>
        UnitsOffData.Of(model, data, CodedImages.Of(model, data.Test).Codes.Span)!;

    private static float[] Reconstructions(SomAttnModel model, Dataset data) =>
        new Sampler(model).Decode(CodedImages.Of(model, data.Test).Codes.Span);

    private static double[] Nearest(float[] images, ImageSet train)
    {
        double[][] own = Directions(images, train.Shape.Length);
        double[][] others = Directions(train.ToFloats(), train.Shape.Length);
        return [.. own.Select(image => others.Min(other => Math.Sqrt(image.Zip(other, (x, y) => (x - y) * (x - y)).Sum())))];
    }

    private static double[][] Directions(float[] pixels, int length) =>
    [
        .. from image in pixels.Select(pixel => (double)pixel).Chunk(length)
           let norm = Math.Sqrt(image.Sum(pixel => pixel * pixel))
           select norm == 0 ? image : image.Select(pixel => pixel / norm).ToArray(),
    ];
}
