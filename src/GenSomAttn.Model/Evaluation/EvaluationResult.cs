using System.Text.Json.Serialization;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Scores of a model on a set of images; null for scores that do not apply to the model, such as map scores of a VAE, and for those of
/// labels where the images have none. Without images all are null.
/// </summary>
public record EvaluationResult
{
    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>mse_e, per-pixel mean squared error of D(v), the decoded code (E: encoded); pixels in [0, 1].</summary>
    public double? MseE { get; init; }

    /// <summary>
    /// mse_q, per-pixel mean squared error of D(w), the decoded codebook vector of the BMU (Q: quantized); pixels in [0, 1].
    /// </summary>
    public double? MseQ { get; init; }

    /// <summary>
    /// mse_z, per-pixel mean squared error of D(z), z drawn from a VAE's code distribution of the image: the reconstruction term of its
    /// loss, while <see cref="MseE"/> is that of D(mean). Also null if it was not requested.
    /// </summary>
    public double? MseZ { get; init; }

    /// <summary>Quantization error: mean Euclidean distance of v to its BMU's codebook vector, in the latent space.</summary>
    public double? QuantizationError { get; init; }

    /// <summary>
    /// Topographic error with 4 neighbors: share of images whose two best matching units are no neighbors; null for one unit.
    /// </summary>
    public double? Te4 { get; init; }

    /// <summary>Topographic error with 8 neighbors.</summary>
    public double? Te8 { get; init; }

    /// <summary>
    /// Topographic error of a hexagonal map: share of images whose two best matching units are no neighbors; te4 and te8 are null
    /// there, and files of other maps do not have this column.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Te6 { get; init; }

    /// <summary>Number of units with at least one hit.</summary>
    public int? UnitsUsed { get; init; }

    /// <summary>Perplexity: exp of the entropy of the units' hits.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Purity: share of images with the majority label of their unit, among these images.</summary>
    public double? Purity { get; init; }

    /// <summary>Normalized mutual information of units and labels, arithmetic mean.</summary>
    public double? Nmi { get; init; }

    /// <summary>Normalized mutual information of units and labels, geometric mean.</summary>
    public double? NmiGeometric { get; init; }

    /// <summary>
    /// Accuracy of the map as a classifier: share of images whose label is the majority label of their unit among the training images;
    /// null without training images.
    /// </summary>
    public double? UnitLabelAccuracy { get; init; }

    /// <summary>
    /// <see cref="Purity"/> of the training images and these together, as in much of the literature on maps; null without training images.
    /// </summary>
    public double? PurityAll { get; init; }

    /// <summary><see cref="Nmi"/> of the training images and these together.</summary>
    public double? NmiAll { get; init; }

    /// <summary><see cref="NmiGeometric"/> of the training images and these together.</summary>
    public double? NmiGeometricAll { get; init; }

    /// <summary><see cref="Purity"/> of the training images alone; null without them, and in the scores of an epoch.</summary>
    public double? PurityTraining { get; init; }

    /// <summary><see cref="Nmi"/> of the training images alone.</summary>
    public double? NmiTraining { get; init; }

    /// <summary><see cref="NmiGeometric"/> of the training images alone.</summary>
    public double? NmiGeometricTraining { get; init; }

    /// <summary>Accuracy of a classifier: share of images that it classifies correctly.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Statistics per unit, for the figures of the map; not serialized.</summary>
    [JsonIgnore]
    public MapStatistics? Map { get; init; }

    /// <summary>Adds the scores of labels that need the training images on the same map.</summary>
    /// <param name="own">Contingency table of these images; null without images or labels, which have no such scores.</param>
    /// <param name="training">Contingency table of the training images; not null if the other is not.</param>
    internal EvaluationResult WithTraining(Contingency? own, Contingency? training)
    {
        if (own is null || training is null)
        {
            return this;
        }

        Contingency all = own.Joint(training);
        return this with
        {
            UnitLabelAccuracy = own.AccuracyOfMajority(training),
            PurityAll = all.Purity(),
            NmiAll = all.NormalizedMutualInformation(),
            NmiGeometricAll = all.GeometricMutualInformation(),
            PurityTraining = training.Purity(),
            NmiTraining = training.NormalizedMutualInformation(),
            NmiGeometricTraining = training.GeometricMutualInformation(),
        };
    }
}
