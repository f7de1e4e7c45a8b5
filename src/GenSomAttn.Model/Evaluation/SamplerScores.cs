using GenSomAttn.Model.Data;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Scores of the images of one sampler.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Sigma">
/// Noise σ of the isotropic sampler, the standard deviation around a codebook vector, tuned on training images; null for the others.
/// </param>
/// <param name="Scores">The scores.</param>
public sealed record SamplerScores(SamplerKind Sampler, double? Sigma, SampleScores Scores)
{
    /// <summary>Number of images in the tuning of σ; fewer raise the distances of all σ equally.</summary>
    private const int SigmaImages = 2000;

    private static readonly double[] Sigmas = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8];

    /// <summary>Draws images and scores them.</summary>
    /// <param name="sampler">Image sampler of the model.</param>
    /// <param name="kind">The sampler.</param>
    /// <param name="shape">Shape of the images.</param>
    /// <param name="evaluator">Evaluator of generated images.</param>
    /// <param name="request">
    /// Number and seed of the images. The tuning of σ uses another seed and at most 2,000 images; otherwise it would take as long as
    /// everything else together.
    /// </param>
    public static SamplerScores Of(
        ImageSampler sampler, SamplerKind kind, ImageShape shape, SampleEvaluator evaluator, SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(request);
        ImageSet Draw(SampleRequest asked, double? scale) =>
            SampleEvaluator.ToImages(sampler.Draw(kind, asked, scale).Pixels.Span, shape);
        SampleRequest few = request with { Count = Math.Min(request.Count, SigmaImages), Seed = request.Seed + 1 };
        double? sigma = kind == SamplerKind.Isotropic
            ? FirstLeast(Sigmas, value => evaluator.DistanceToTraining(Draw(few, value)))
            : null;
        return new SamplerScores(kind, sigma, evaluator.Score(Draw(request, sigma)));
    }

    /// <summary>
    /// Returns the value before the distance first rises. The distance falls while noise adds diversity within a unit, and then rises
    /// steeply as codes leave the region that the decoder was trained on; larger values are not evaluated.
    /// </summary>
    internal static double FirstLeast(ReadOnlySpan<double> values, Func<double, double> distance)
    {
        double best = values[0];
        double least = distance(best);
        foreach (double value in values[1..])
        {
            double next = distance(value);
            if (next >= least)
            {
                break;
            }

            (best, least) = (value, next);
        }

        return best;
    }
}
