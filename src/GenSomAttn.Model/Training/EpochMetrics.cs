using System.Text.Json.Serialization;

namespace GenSomAttn.Model.Training;

/// <summary>
/// One row of metrics.jsonl and metrics.csv: scores of the test images after an epoch, and training statistics of the epoch. Scores that
/// do not apply to the model, such as map scores of a VAE, are null, and all scores where there are no test images or the epoch was not
/// evaluated (<see cref="Settings.TrainingSettings.IsEvaluated"/>).
/// </summary>
public sealed record EpochMetrics
{
    /// <summary>Number of completed epochs; 0 before the first step.</summary>
    public required int Epoch { get; init; }

    /// <summary>
    /// mse_e, per-pixel mean squared error of D(v), the decoded code (E: encoded), on the test images; v is the code's mean in a VAE.
    /// </summary>
    public required double? MseE { get; init; }

    /// <summary>
    /// mse_q, per-pixel mean squared error of D(w), the decoded codebook vector of the BMU (Q: quantized), on the test images.
    /// </summary>
    public required double? MseQ { get; init; }

    /// <summary>Quantization error: mean Euclidean distance of v to its BMU's codebook vector, in the latent space.</summary>
    public required double? QuantizationError { get; init; }

    /// <summary>
    /// Topographic error with 4 neighbors: share of test images whose two best matching units are no neighbors; null for one unit.
    /// </summary>
    public required double? Te4 { get; init; }

    /// <summary>Topographic error with 8 neighbors.</summary>
    public required double? Te8 { get; init; }

    /// <summary>
    /// Topographic error of a hexagonal map: share of test images whose two best matching units are no neighbors; te4 and te8 are null
    /// there, and files of other maps do not have this column.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Te6 { get; init; }

    /// <summary>Number of units with at least one hit among the test images.</summary>
    public required int? UnitsUsed { get; init; }

    /// <summary>Perplexity: exp of the entropy of the units' hits.</summary>
    public required double? Perplexity { get; init; }

    /// <summary>Neighborhood width σ of the map at the epoch's last step, in grid cells.</summary>
    public required double? Sigma { get; init; }

    /// <summary>The map's learning rate η at the epoch's last step.</summary>
    public required double? Eta { get; init; }

    /// <summary>Adam's learning rate at the epoch's last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training loss, mean over the epoch's images; null before the first step.</summary>
    public required double? Loss { get; init; }

    /// <summary>
    /// Accuracy of a classifier: share of correctly classified test images; files of other models do not have this column.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Accuracy { get; init; }

    /// <summary>Duration of the epoch's training without the evaluation, in seconds; varies from machine to machine.</summary>
    public required double Seconds { get; init; }

    /// <summary>Throughput: training images per second in this epoch; varies from machine to machine.</summary>
    public required double ImagesPerSecond { get; init; }
}
