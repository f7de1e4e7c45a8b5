using System.Text.Json.Serialization;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Units that stand for nothing: their decoded codebook vector D(w) resembles every training image less than all but 5 % of the
/// reconstructions D(v) of test images do. They lie between groups of images.
/// </summary>
/// <param name="Distances">(U), distance of D(w) to the nearest training image, see <see cref="Of"/>.</param>
/// <param name="Bound">The 95th percentile of the distances of reconstructions to their nearest training image.</param>
/// <remarks>
/// The distance of two images a and b is |a / |a| - b / |b||, 2 sin(φ / 2) of the angle φ between them: by |a - b| dim images, as most of
/// these units are, are near to all other dim images. Reconstructions are the reference because D(w) is as blurred as they are, and
/// blurred images are nearer to others than sharp ones.
/// </remarks>
public sealed record UnitsOffData(IReadOnlyList<double> Distances, double Bound)
{
    /// <summary>Maximum number of test images whose reconstructions are compared.</summary>
    public const int MaxTestImages = 1000;

    private const double Percentile = 0.95;

    /// <summary>Limit of the values of the training images in memory as floats: 85,598 images of 28 x 28, 256 MB.</summary>
    private const int MaxValues = 1 << 26;

    /// <summary>Share of the units that stand for nothing.</summary>
    [JsonIgnore]
    public double Share => Distances.Count(distance => distance > Bound) / (double)Distances.Count;

    /// <summary>Returns whether a unit stands for nothing.</summary>
    public bool Includes(int unit) => Distances[unit] > Bound;

    /// <summary>Decodes the units and the codes of test images, and finds the nearest training images.</summary>
    /// <param name="model">The trained model; all tensors are finite.</param>
    /// <param name="dataset">Its data; of very many training images only the first are compared.</param>
    /// <param name="codes">(N, D), codes of the first test images, of which at most <see cref="MaxTestImages"/> are compared.</param>
    /// <returns>Null without test images.</returns>
    public static UnitsOffData? Of(SomAttnModel model, Dataset dataset, ReadOnlySpan<float> codes)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Test.Count == 0)
        {
            return null;
        }

        int length = dataset.Train.Shape.Length;
        int most = Math.Max(1, MaxValues / length);
        var train = new NearestImages(Directions(dataset.Train.First(most).ToFloats(), length));
        int compared = Math.Min(codes.Length / model.CodeLength, Math.Min(MaxTestImages, most));
        Rows<float> reconstructions = Directions(new Sampler(model).Decode(codes[..(compared * model.CodeLength)]), length);
        Rows<float> units = Directions(new MapSampler(model).Prototypes(), length);
        double[] ofTest = train.Ascending(reconstructions);
        double bound = ofTest[(int)Math.Ceiling(Percentile * ofTest.Length) - 1];
        return new UnitsOffData(train.Distances(units), bound);
    }

    /// <summary>Scales images, in place, to a norm of 1; a black one stays black.</summary>
    private static Rows<float> Directions(float[] pixels, int length)
    {
        for (int start = 0; start < pixels.Length; start += length)
        {
            Span<float> image = pixels.AsSpan(start, length);
            double squares = 0;
            foreach (float pixel in image)
            {
                squares += (double)pixel * pixel;
            }

            float scale = squares == 0 ? 1 : (float)(1 / Math.Sqrt(squares));
            for (int i = 0; i < length; i++)
            {
                image[i] *= scale;
            }
        }

        return new Rows<float>(pixels, length);
    }
}
