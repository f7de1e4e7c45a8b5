using GenSomAttn.Model.Data;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Scores of the images that one way of drawing them makes.</summary>
/// <param name="Sampler">The way.</param>
/// <param name="Sigma">Noise of the isotropic way, chosen on training images; null for the others.</param>
/// <param name="Scores">The scores.</param>
public sealed record SamplerScores(SamplerKind Sampler, double? Sigma, SampleScores Scores)
{
    /// <summary>Images that a σ is judged by; fewer raise the distances of all σ alike.</summary>
    private const int SigmaImages = 2000;

    private static readonly double[] Sigmas = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8];

    /// <summary>Draws images and scores them.</summary>
    /// <param name="sampler">Draws them.</param>
    /// <param name="kind">The way.</param>
    /// <param name="side">S, pixels.</param>
    /// <param name="evaluator">Scores them.</param>
    /// <param name="request">
    /// How many, with which seed; those that σ is chosen by are drawn by another seed, and at most 2,000: the choice would else take as
    /// long as all else.
    /// </param>
    public static SamplerScores Of(ImageSampler sampler, SamplerKind kind, int side, SampleEvaluator evaluator, SampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(request);
        ImageSet Draw(SampleRequest asked, double? scale) =>
            SampleEvaluator.ToImages(sampler.Draw(kind, asked, scale).Pixels.Span, side);
        SampleRequest few = request with { Count = Math.Min(request.Count, SigmaImages), Seed = request.Seed + 1 };
        double? sigma = kind == SamplerKind.Isotropic
            ? FirstLeast(Sigmas, value => evaluator.DistanceToTraining(Draw(few, value)))
            : null;
        return new SamplerScores(kind, sigma, evaluator.Score(Draw(request, sigma)));
    }

    /// <summary>
    /// The value before the distance first rises. It falls while noise makes the images of a unit differ, and then rises steeply as codes
    /// leave the places that the decoder knows; what lies beyond need not be drawn.
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
