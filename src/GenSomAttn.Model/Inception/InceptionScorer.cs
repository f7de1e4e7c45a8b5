using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Inception;

/// <summary>FID and Inception score of generated images by the Inception network, as the literature computes them.</summary>
/// <param name="Fid">FID: Fréchet distance of the features to those of the real images.</param>
/// <param name="Is">Inception score: mean and population standard deviation over ten splits.</param>
public sealed record InceptionScores(double Fid, Spread Is);

/// <summary>
/// Scores generated images against the real ones by the Inception network. The features of the real images are computed once.
/// </summary>
/// <remarks>
/// FID: the 2,048 features of the last pooling, sample covariances. IS: softmax of the 1,008 logits without their bias, ten splits in the
/// order of the images. Both as in torch-fidelity. Source: Heusel et al. 2017; Salimans et al. 2016.
/// </remarks>
public sealed class InceptionScorer
{
    /// <summary>Minimum number of real and of generated images: with fewer images than features a covariance is singular.</summary>
    public const int MinImages = InceptionNetwork.Features;

    private const int Splits = 10;

    private readonly InceptionNetwork _network;
    private readonly Action<string> _report;
    private readonly FeatureMoments _real;

    /// <summary>Reads or computes the features of the real images.</summary>
    /// <param name="network">The network.</param>
    /// <param name="real">The real images, at least <see cref="MinImages"/>.</param>
    /// <param name="report">Called before work that takes minutes, and if the features' file cannot be used or written.</param>
    public InceptionScorer(InceptionNetwork network, ImageSet real, Action<string> report)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentOutOfRangeException.ThrowIfLessThan(real.Count, MinImages, nameof(real));
        _network = network;
        _report = report;
        report($"Inception: features of {real.Count} real images");
        float[] features = InceptionFeatures.OfReal(network, real, report);
        _real = MomentsOf(features);
        RealIs = ScoreOf(network, features);
    }

    /// <summary>Inception score of the real images: the practical maximum for generated ones.</summary>
    public Spread RealIs { get; }

    /// <summary>Scores generated images.</summary>
    /// <param name="samples">The images, at least <see cref="MinImages"/>.</param>
    public InceptionScores Score(ImageSet samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Count, MinImages, nameof(samples));
        _report($"Inception: features of {samples.Count} generated images");
        float[] features = InceptionFeatures.Of(_network, samples);
        return new InceptionScores(FrechetDistance.Between(MomentsOf(features), _real), ScoreOf(_network, features));
    }

    private static FeatureMoments MomentsOf(float[] features) =>
        FeatureMoments.Of(new Rows<float>(features, InceptionNetwork.Features).Widened());

    private static Spread ScoreOf(InceptionNetwork network, float[] features)
    {
        const int Classes = InceptionNetwork.Classes, Features = InceptionNetwork.Features;
        int count = features.Length / Features;
        double[] probabilities = new double[count * Classes];
        for (int first = 0; first < count; first += network.MaxBatch)
        {
            int batch = Math.Min(network.MaxBatch, count - first);
            float[] logits = network.Classify(features.AsSpan(first * Features, batch * Features), batch).ToArray();
            for (int n = 0; n < batch; n++)
            {
                Softmax.Of(logits.AsSpan(n * Classes, Classes), probabilities.AsSpan((first + n) * Classes, Classes));
            }
        }

        return InceptionScore.Of(new Rows<double>(probabilities, Classes), Splits);
    }
}
