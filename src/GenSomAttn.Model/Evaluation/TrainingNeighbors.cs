using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Distances of images to their nearest training images; these are prepared, and the test images searched, once.</summary>
/// <param name="dataset">The data.</param>
internal sealed class TrainingNeighbors(Dataset dataset)
{
    private const int MaxImages = 1000;
    private readonly Lazy<NearestImages> _train = new(() => new NearestImages(SampleEvaluator.Pixels(dataset.Train, dataset.Train.Count)));
    private double[]? _ofTest;

    /// <summary>Distances of the first 1,000 test images, ascending.</summary>
    public double[] OfTest => _ofTest ??= Ascending(dataset.Test);

    /// <summary>Returns the distances of the first 1,000 images, ascending.</summary>
    public double[] Ascending(ImageSet images) =>
        _train.Value.Ascending(SampleEvaluator.Pixels(images, MaxImages));
}
