using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Scores of generated images against the test images; the features are those of a classifier trained on the same data.</summary>
public sealed record SampleScores
{
    /// <summary>Number of generated images.</summary>
    public required int Samples { get; init; }

    /// <summary>FCD: Fréchet distance of their features to those of the test images.</summary>
    public required double FcdSamples { get; init; }

    /// <summary>KID: kernel distance, mean over subsets; many papers multiply it by 1000, this is not.</summary>
    public required double KidSamples { get; init; }

    /// <summary>Population standard deviation of the KID over the subsets.</summary>
    public required double KidDeviation { get; init; }

    /// <summary>Inception score with the classifier; mean over ten splits.</summary>
    public required double IsSamples { get; init; }

    /// <summary>Population standard deviation of the Inception score over the splits.</summary>
    public required double IsDeviation { get; init; }

    /// <summary>FID by the Inception network, see <see cref="Inception.InceptionScorer"/>; null without its weights.</summary>
    public double? FidSamples { get; init; }

    /// <summary>Inception score by the Inception network; mean over ten splits; null without its weights.</summary>
    public double? IsInception { get; init; }

    /// <summary>Population standard deviation of that score over the splits.</summary>
    public double? IsInceptionDeviation { get; init; }

    /// <summary>See <see cref="Prdc.Precision"/>.</summary>
    public required double Precision { get; init; }

    /// <summary>See <see cref="Prdc.Recall"/>.</summary>
    public required double Recall { get; init; }

    /// <summary>See <see cref="Prdc.Density"/>.</summary>
    public required double Density { get; init; }

    /// <summary>See <see cref="Prdc.Coverage"/>.</summary>
    public required double Coverage { get; init; }

    /// <summary>See <see cref="Memorization.CopyShare"/>.</summary>
    public required double CopyShare { get; init; }

    /// <summary>See <see cref="Memorization.CloserPairs"/>.</summary>
    public required double CloserPairs { get; init; }
}
