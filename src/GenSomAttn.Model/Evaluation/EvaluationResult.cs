namespace GenSomAttn.Model.Evaluation;

/// <summary>Every score of a model on a set of images.</summary>
public sealed record EvaluationResult
{
    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Per-pixel MSE of D(v), pixels in [0, 1].</summary>
    public required double MseE { get; init; }

    /// <summary>Per-pixel MSE of D(w_bmu).</summary>
    public required double MseQ { get; init; }

    /// <summary>Mean Euclidean distance of v to its winner, in the latent space.</summary>
    public required double QuantizationError { get; init; }

    /// <summary>Share of images whose two best units are not among the 4 neighbors of each other; null on a map of one unit.</summary>
    public required double? Te4 { get; init; }

    /// <summary>The same with 8 neighbors.</summary>
    public required double? Te8 { get; init; }

    /// <summary>Units that win at least one image.</summary>
    public required int UnitsUsed { get; init; }

    /// <summary>exp of the entropy of the units' hits.</summary>
    public required double Perplexity { get; init; }

    /// <summary>Share of images whose label is the most frequent one of their unit, among these images.</summary>
    public required double Purity { get; init; }

    /// <summary>Normalized mutual information of units and labels, arithmetic mean.</summary>
    public required double Nmi { get; init; }

    /// <summary>
    /// Share of images whose label is the most frequent one of their unit among the training images: the map as a classifier;
    /// null where no training images were given.
    /// </summary>
    public double? UnitLabelAccuracy { get; init; }

    /// <summary>The same images, unit by unit.</summary>
    public required MapStatistics Map { get; init; }
}
