using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Images and features that the scores of generated images use; the scores themselves have their own tests.</summary>
public sealed class SampleEvaluatorTests : IDisposable
{
    private const int Side = 8;
    private const int Pixels = Side * Side;
    private const int TestCount = 24;
    private static readonly ImageSet Spots = TinyData.Load(120, 1, Side).Train;

    /// <summary>60 training images, the first 24 of them in the upper half, and 24 others as test images.</summary>
    private static readonly Dataset Data = new(Sorted(Range(0, 60)), Range(60, TestCount), ["0", "1", "2", "3"], "");

    /// <summary>Five copies of training images, then others quadrant by quadrant, every third of them with black for white.</summary>
    private static readonly ImageSet Made = new(
        (byte[])
        [
            .. Data.Train.Pixels.ToArray()[..(5 * Pixels)],
            .. Sorted(Range(84, 28)).Pixels.ToArray().Select((pixel, i) => i / Pixels % 3 == 2 ? (byte)(255 - pixel) : pixel),
        ],
        new int[33], new(Side, 1));

    private readonly Backend<float> _backend = AllBackends.Create("cpu");
    private ClassifierModel _classifier = null!;
    private SampleEvaluator _evaluator = null!;
    private ImageFeatures _test = null!;

    [OneTimeSetUp]
    public void BuildClassifier()
    {
        // Untrained: its features differ between images, which suffices here.
        _classifier = new ClassifierModel(_backend, new TrainingSettings { BatchSize = 16 }, new(8, 1), 4);
        _classifier.Initialize();
        _evaluator = new SampleEvaluator(_classifier, Data);
        _test = ImageFeatures.Of(_classifier, Data.Test);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _classifier.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void Score_AsManyImagesAsTestImages_ComparesThemWithTheTestImages()
    {
        ImageSet made = Made.First(TestCount);
        ImageFeatures features = ImageFeatures.Of(_classifier, made);
        Prdc manifold = Prdc.Of(_test.Features, features.Features, k: 5);
        Spread inception = InceptionScore.Of(features.Probabilities, splits: 10);
        var copies = Memorization.Of(
            new NearestImages(Vectors(Data.Train)).Ascending(Vectors(made)),
            new NearestImages(Vectors(Data.Train)).Ascending(Vectors(Data.Test)));

        SampleScores scores = _evaluator.Score(made);

        Assert.That(scores.Samples, Is.EqualTo(TestCount));
        Assert.That(scores.FcdSamples, Is.EqualTo(FrechetDistance.Between(features.Features, _test.Features)).Within(1e-12));
        Assert.That((scores.IsSamples, scores.IsDeviation), Is.EqualTo((inception.Mean, inception.Deviation)));
        Assert.That(
            new Prdc(scores.Precision, scores.Recall, scores.Density, scores.Coverage), Is.EqualTo(manifold), "precision to coverage");
        Assert.That((scores.CopyShare, scores.CloserPairs), Is.EqualTo((copies.CopyShare, copies.CloserPairs)));

        // Every subset is all images in another order.
        Assert.That(scores.KidSamples, Is.EqualTo(KernelDistance.Between(features.Features, _test.Features)).Within(1e-12));
        Assert.That(scores.KidDeviation, Is.Zero.Within(1e-12));

        // Distinct scores, so that an exchange of two is detected.
        Assert.That(
            new[] { scores.Precision, scores.Recall, scores.Density, scores.Coverage, scores.CopyShare, scores.CloserPairs }, Is.Unique);
        Assert.That(scores.IsDeviation, Is.GreaterThan(1e-9));
    }

    [Test]
    public void Score_OtherNumbersOfImages_DoesNotDependOnThoseBefore()
    {
        SampleScores few = _evaluator.Score(Made.First(10));
        SampleScores many = _evaluator.Score(Made);

        Assert.That(_evaluator.Score(Made.First(10)), Is.EqualTo(few));
        Assert.That(new SampleEvaluator(_classifier, Data).Score(Made), Is.EqualTo(many));
        Assert.That(few.KidDeviation, Is.GreaterThan(1e-6), "10 of 24 test images are another subset each time");
    }

    [Test]
    public void Score_ColorImages_SeesTheirChannels()
    {
        Dataset data = TinyData.LoadColor(60, TestCount, Side);
        using ClassifierModel classifier = new(_backend, new TrainingSettings { BatchSize = 16 }, data.Test.Shape, 4);
        classifier.Initialize();
        SampleEvaluator evaluator = new(classifier, data);
        byte[] swapped = [.. data.Test.Pixels.ToArray().Chunk(3).SelectMany(pixel => (byte[])[pixel[2], pixel[0], pixel[1]])];

        SampleScores same = evaluator.Score(data.Test);
        SampleScores other = evaluator.Score(new ImageSet(swapped, data.Test.Labels, data.Test.Shape));

        Assert.That(same.FcdSamples, Is.Zero.Within(1e-6));
        Assert.That(other.FcdSamples, Is.GreaterThan(100 * Math.Abs(same.FcdSamples)).And.GreaterThan(1e-3));
    }

    [Test]
    public void FcdFloorAndIsReal_OfTestImages_AreThoseOfTheirNumber()
    {
        FeatureMoments moments = FeatureMoments.Of(_test.Features);

        Assert.That(_evaluator.FcdFloor, Is.EqualTo(FrechetDistance.PredictedFloor(moments, TestCount, TestCount)).Within(1e-12));
        Assert.That(_evaluator.IsReal, Is.EqualTo(InceptionScore.Of(_test.Probabilities, splits: 10).Mean));
    }

    [Test]
    public void FcdReal_MoreTrainingThanTestImages_TakesAsManyAtRandom()
    {
        ImageFeatures train = ImageFeatures.Of(_classifier, Data.Train);
        double OfTraining(ReadOnlySpan<int> images) => FrechetDistance.Between(train.Features.Select(images), _test.Features);
        double first = OfTraining([.. Enumerable.Range(0, TestCount)]);

        Assert.That(_evaluator.FcdReal, Is.EqualTo(OfTraining(Subset.Draw(60, TestCount, seed: 1))).Within(1e-12));
        Assert.That(_evaluator.FcdReal, Is.LessThan(0.9 * first), "the first ones are not like the test images");
    }

    [Test]
    public void Distances_OfMadeImages_AreToTestAndToTrainingImages()
    {
        Rows<double> made = ImageFeatures.Of(_classifier, Made).Features;
        Rows<double> train = ImageFeatures.Of(_classifier, Data.Train).Features.Select(Subset.Draw(60, TestCount, seed: 1));
        (double toTest, double toTraining) = (FrechetDistance.Between(made, _test.Features), FrechetDistance.Between(made, train));

        Assert.That(_evaluator.DistanceToTest(Made), Is.EqualTo(toTest).Within(1e-12));
        Assert.That(_evaluator.DistanceToTraining(Made), Is.EqualTo(toTraining).Within(1e-12));
        Assert.That(toTest, Is.Not.EqualTo(toTraining).Within(1e-6));
    }

    [Test]
    public void ToImages_Pixels_AreRoundedToTheNearestByte()
    {
        ImageSet images = SampleEvaluator.ToImages(
            [0, 0.4f / 255, 0.6f / 255, 100.4f / 255, 100.6f / 255, 254.4f / 255, 0.999f, 1], new(2, 1));

        Assert.That(images.Pixels.ToArray(), Is.EqualTo((byte[])[0, 0, 1, 100, 101, 254, 255, 255]));
        Assert.That((images.Count, images.Side), Is.EqualTo((2, 2)));
    }

    private static ImageSet Range(int first, int count) =>
        new(Spots.Pixels[(first * Pixels)..((first + count) * Pixels)], Spots.Labels[first..(first + count)], new(Side, 1));

    /// <summary>Returns the images sorted by label, which is the quadrant.</summary>
    private static ImageSet Sorted(ImageSet images)
    {
        int[] order = [.. Enumerable.Range(0, images.Count).OrderBy(n => images.Labels[n])];
        return images.At(order);
    }

    private static Rows<float> Vectors(ImageSet images) => new(images.ToFloats(), Pixels);
}
