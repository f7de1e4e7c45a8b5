using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Units that stand for nothing: their decoded codebook vector D(w) is farther from every training image than all but 5 % of the test
/// images are. They lie between groups of images.
/// </summary>
/// <param name="Distances">(U), Euclidean distance of D(w) to the nearest training image, over the values of the pixels.</param>
/// <param name="Bound">The 95th percentile of the distances of test images to their nearest training image.</param>
public sealed record UnitsOffData(IReadOnlyList<double> Distances, double Bound)
{
    private const double Percentile = 0.95;
    private const int MaxTestImages = 1000;

    /// <summary>Limit of the values of the training images in memory as floats: 85,598 images of 28 x 28, 256 MB.</summary>
    private const int MaxValues = 1 << 26;

    /// <summary>Share of the units that stand for nothing.</summary>
    public double Share => Distances.Count(distance => distance > Bound) / (double)Distances.Count;

    /// <summary>Returns whether a unit stands for nothing.</summary>
    public bool Includes(int unit) => Distances[unit] > Bound;

    /// <summary>Decodes the units and finds the nearest training images, and those of the first 1,000 test images.</summary>
    /// <param name="model">The trained model; all tensors are finite.</param>
    /// <param name="dataset">Its data; of very many training images only the first are compared.</param>
    /// <returns>Null without test images.</returns>
    public static UnitsOffData? Of(SomAttnModel model, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Test.Count == 0)
        {
            return null;
        }

        int length = dataset.Train.Shape.Length;
        int most = Math.Max(1, MaxValues / length);
        Rows<float> train = SampleEvaluator.Pixels(dataset.Train, most);
        Rows<float> test = SampleEvaluator.Pixels(dataset.Test, Math.Min(MaxTestImages, most));
        double[] ofTest = [.. Memorization.NearestDistances(test, train).Order()];
        double[] ofUnits = Memorization.NearestDistances(new Rows<float>(new MapSampler(model).Prototypes(), length), train);
        return new UnitsOffData(ofUnits, ofTest[(int)Math.Ceiling(Percentile * ofTest.Length) - 1]);
    }
}
