using GenSomAttn.Engine.Rng;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Inception;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Evaluator of generated images by the features of a classifier. Statistics of the real images are computed once.</summary>
/// <remarks>
/// Generated images are first rounded to bytes, as in a file and as the real ones. The same images have the same scores: subsets are
/// drawn with fixed seeds.
/// </remarks>
public sealed class SampleEvaluator
{
    /// <summary>Minimum number of real and of generated images: each needs the k-th neighbor of <see cref="NeighborBalls"/>.</summary>
    public const int MinImages = BallNeighbor + 1;

    private const int SubsetSeed = 1;
    private const int KidSubset = 1000;
    private const int KidSubsets = 100;
    private const int IsParts = 10;
    private const int BallNeighbor = 5;

    private readonly ClassifierModel _classifier;
    private readonly Dataset _dataset;
    private readonly InceptionScorer? _inception;
    private readonly ImageFeatures _test;
    private readonly FeatureMoments _testMoments;
    private readonly Lazy<FeatureMoments> _trainMoments;
    private readonly Lazy<NeighborBalls> _testBalls;
    private KernelSubsets? _testSubsets;

    /// <summary>Computes the features of the test images.</summary>
    /// <param name="classifier">Classifier, trained on the training images.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="inception">Scorer by the Inception network; null if its weights are not given.</param>
    public SampleEvaluator(ClassifierModel classifier, Dataset dataset, InceptionScorer? inception = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        _classifier = classifier;
        _dataset = dataset;
        _inception = inception;
        _test = ImageFeatures.Of(classifier, dataset.Test);
        _testMoments = FeatureMoments.Of(_test.Features);
        _trainMoments = new Lazy<FeatureMoments>(() => Moments(SomeTraining(dataset.Test.Count)));
        Neighbors = new TrainingNeighbors(dataset);
        _testBalls = new Lazy<NeighborBalls>(() => NeighborBalls.Of(_test.Features, BallNeighbor));
    }

    /// <summary>Distances of images to the nearest training images.</summary>
    internal TrainingNeighbors Neighbors { get; }

    /// <summary>Inception score of the test images: the practical maximum for generated ones.</summary>
    public double IsReal => InceptionScore.Of(_test.Probabilities, Parts(_dataset.Test.Count)).Mean;

    /// <summary>
    /// FCD floor: expected Fréchet distance of the test images to an equal number of independent samples of the same distribution.
    /// </summary>
    public double FcdFloor => FrechetDistance.PredictedFloor(_testMoments, _dataset.Test.Count, _dataset.Test.Count);

    /// <summary>Fréchet distance of an equal number of training images to the test images: the reference value of real images.</summary>
    public double FcdReal => FrechetDistance.Between(_trainMoments.Value, _testMoments);

    /// <summary>Computes the Fréchet distance of images to the test images.</summary>
    public double DistanceToTest(ImageSet images) => FrechetDistance.Between(Moments(images), _testMoments);

    /// <summary>Computes the Fréchet distance of images to training images, for tuning, which must not use the test images.</summary>
    public double DistanceToTraining(ImageSet images) => FrechetDistance.Between(Moments(images), _trainMoments.Value);

    /// <summary>Computes all scores of generated images.</summary>
    public SampleScores Score(ImageSet samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ImageFeatures made = ImageFeatures.Of(_classifier, samples);
        int subset = Math.Min(KidSubset, Math.Min(samples.Count, _dataset.Test.Count));
        if (_testSubsets?.Size != subset)
        {
            _testSubsets = new KernelSubsets(_test.Features, SubsetSeed, KidSubsets, subset);
        }

        Spread kernel = KernelDistance.OfSubsets(made.Features, _testSubsets);
        Spread inception = InceptionScore.Of(made.Probabilities, Parts(samples.Count));
        Prdc manifold = Prdc.Of(_testBalls.Value, NeighborBalls.Of(made.Features, BallNeighbor));
        InceptionScores? byInception = _inception?.Score(samples);
        var copies = Memorization.Of(Neighbors.Ascending(samples), Neighbors.OfTest);
        return new SampleScores
        {
            Samples = samples.Count,
            FcdSamples = FrechetDistance.Between(FeatureMoments.Of(made.Features), _testMoments),
            KidSamples = kernel.Mean,
            KidDeviation = kernel.Deviation,
            IsSamples = inception.Mean,
            IsDeviation = inception.Deviation,
            FidSamples = byInception?.Fid,
            IsInception = byInception?.Is.Mean,
            IsInceptionDeviation = byInception?.Is.Deviation,
            Precision = manifold.Precision,
            Recall = manifold.Recall,
            Density = manifold.Density,
            Coverage = manifold.Coverage,
            CopyShare = copies.CopyShare,
            CloserPairs = copies.CloserPairs,
        };
    }

    /// <summary>Rounds generated images to bytes.</summary>
    public static ImageSet ToImages(ReadOnlySpan<float> pixels, ImageShape shape)
    {
        byte[] bytes = new byte[pixels.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)MathF.Round(255 * pixels[i]);
        }

        return new ImageSet(bytes, new int[bytes.Length / shape.Length], shape);
    }

    /// <summary>Computes the reconstructions D(v) of images from their codes.</summary>
    public static ImageSet Reconstruct(GenerativeModel model, CodedImages images)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        return ToImages(new Sampler(model).Decode(images.Codes.Span), model.Shape);
    }

    /// <summary>Returns the pixels of the first images, (count, S·S·C), in [0, 1].</summary>
    /// <param name="images">The images.</param>
    /// <param name="count">Maximum number of images.</param>
    internal static Rows<float> Pixels(ImageSet images, int count)
    {
        return new Rows<float>(images.First(count).ToFloats(), images.Shape.Length);
    }

    private static int Parts(int count) => Math.Min(IsParts, count);

    private FeatureMoments Moments(ImageSet images) => FeatureMoments.Of(ImageFeatures.Of(_classifier, images).Features);

    private ImageSet SomeTraining(int count)
    {
        ImageSet train = _dataset.Train;
        int[] order = new int[train.Count];
        Shuffle.Fill(new RandomKey(SubsetSeed, RandomPurpose.Subset, 0), order);
        return train.At([.. order.Take(count)]);
    }
}
