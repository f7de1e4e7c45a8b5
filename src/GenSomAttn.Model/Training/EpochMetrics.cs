using System.Text.Json.Serialization;

namespace GenSomAttn.Model.Training;

/// <summary>
/// One row of metrics.jsonl and metrics.csv: the test images after an epoch, and how the epoch went. What the model has not is null: the
/// map of a VAE, the images of a classifier.
/// </summary>
public sealed record EpochMetrics
{
    /// <summary>Epochs done; 0 before the first step.</summary>
    public required int Epoch { get; init; }

    /// <summary>Per-pixel MSE of D(v) on the test images; v is the mean of the code in a VAE.</summary>
    public required double? MseE { get; init; }

    /// <summary>Per-pixel MSE of D(w_bmu) on the test images.</summary>
    public required double? MseQ { get; init; }

    /// <summary>Mean Euclidean distance of v to its winner, in the latent space.</summary>
    public required double? QuantizationError { get; init; }

    /// <summary>Share of test images whose two best units are not among the 4 neighbors of each other; null on a map of one unit too.</summary>
    public required double? Te4 { get; init; }

    /// <summary>The same with 8 neighbors.</summary>
    public required double? Te8 { get; init; }

    /// <summary>Units that win at least one test image.</summary>
    public required int? UnitsUsed { get; init; }

    /// <summary>exp of the entropy of the units' hits.</summary>
    public required double? Perplexity { get; init; }

    /// <summary>Spread of the neighborhood at the epoch's last step, in grid cells.</summary>
    public required double? Sigma { get; init; }

    /// <summary>The map's learning rate at the epoch's last step.</summary>
    public required double? Eta { get; init; }

    /// <summary>Adam's rate at the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training loss, mean over the epoch's images; null before the first step.</summary>
    public required double? Loss { get; init; }

    /// <summary>Share of test images that a classifier gives their class; a column of its own that other models' files do not have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Accuracy { get; init; }

    /// <summary>Duration of the epoch's training without the evaluation, in seconds; varies from machine to machine.</summary>
    public required double Seconds { get; init; }

    /// <summary>Training images a second in this epoch; varies from machine to machine.</summary>
    public required double ImagesPerSecond { get; init; }
}
