using System.Text.Json.Serialization;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Evaluation;

/// <summary>The scores of a model on a set of images; null for what the model has not: the map of a VAE, the images of a classifier.</summary>
public record EvaluationResult
{
    /// <summary>Number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Per-pixel MSE of D(v), pixels in [0, 1].</summary>
    public double? MseE { get; init; }

    /// <summary>Per-pixel MSE of D(w_bmu).</summary>
    public double? MseQ { get; init; }

    /// <summary>
    /// Per-pixel MSE of D(z), z drawn from the distribution of codes that a VAE makes of an image: what its training lowers, as
    /// <see cref="MseE"/> is of D(mean). Null too where it was not asked for.
    /// </summary>
    public double? MseZ { get; init; }

    /// <summary>Mean Euclidean distance of v to its winner, in the latent space.</summary>
    public double? QuantizationError { get; init; }

    /// <summary>Share of images whose two best units are not among the 4 neighbors of each other; null on a map of one unit too.</summary>
    public double? Te4 { get; init; }

    /// <summary>The same with 8 neighbors.</summary>
    public double? Te8 { get; init; }

    /// <summary>Units that win at least one image.</summary>
    public int? UnitsUsed { get; init; }

    /// <summary>exp of the entropy of the units' hits.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Share of images whose label is the most frequent one of their unit, among these images.</summary>
    public double? Purity { get; init; }

    /// <summary>Normalized mutual information of units and labels, arithmetic mean.</summary>
    public double? Nmi { get; init; }

    /// <summary>The same with the geometric mean.</summary>
    public double? NmiGeometric { get; init; }

    /// <summary>
    /// Share of images whose label is the most frequent one of their unit among the training images: the map as a classifier;
    /// null where no training images were given.
    /// </summary>
    public double? UnitLabelAccuracy { get; init; }

    /// <summary>
    /// <see cref="Purity"/> of the training images and these together, as much of the literature on maps gives it; null where no training
    /// images were given.
    /// </summary>
    public double? PurityAll { get; init; }

    /// <summary><see cref="NmiGeometric"/> of the training images and these together.</summary>
    public double? NmiGeometricAll { get; init; }

    /// <summary>Share of images that a classifier gives their class.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The same images, unit by unit; for pictures, which have tables of their own, and left out of documents.</summary>
    [JsonIgnore]
    public MapStatistics? Map { get; init; }

    /// <summary>With the scores that need the training images on the same map.</summary>
    /// <param name="own">Units and labels of these images.</param>
    /// <param name="training">Those of the training images.</param>
    internal EvaluationResult WithTraining(Contingency own, Contingency training)
    {
        Contingency all = own.Joint(training);
        return this with
        {
            UnitLabelAccuracy = own.AccuracyOfMajority(training),
            PurityAll = all.Purity(),
            NmiGeometricAll = all.GeometricMutualInformation(),
        };
    }
}
