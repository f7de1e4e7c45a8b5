namespace GenSomAttn.Model.Evaluation;

/// <summary>Scores of generated images against the test images; the features are those of a classifier trained on the same data.</summary>
public sealed record SampleScores
{
    /// <summary>Generated images.</summary>
    public required int Samples { get; init; }

    /// <summary>Fréchet distance of their features and those of the test images.</summary>
    public required double FcdSamples { get; init; }

    /// <summary>Kernel distance, the mean over subsets; times 1000 in many papers, here as it is.</summary>
    public required double KidSamples { get; init; }

    /// <summary>Its standard deviation over the subsets.</summary>
    public required double KidDeviation { get; init; }

    /// <summary>Inception score, by the classifier; the mean over ten parts.</summary>
    public required double IsSamples { get; init; }

    /// <summary>Its standard deviation over the parts.</summary>
    public required double IsDeviation { get; init; }

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
