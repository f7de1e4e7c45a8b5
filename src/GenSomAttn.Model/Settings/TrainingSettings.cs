using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Settings;

/// <summary>Kind of the model.</summary>
public enum ModelKind
{
    /// <summary>An autoencoder with attention and a self-organizing map of its codes.</summary>
    [JsonStringEnumMemberName("somattn")]
    SomAttn,

    /// <summary>A variational autoencoder.</summary>
    Vae,

    /// <summary>A plain autoencoder.</summary>
    Ae,

    /// <summary>A classifier, whose features the scores of generated images use.</summary>
    Classifier,
}

/// <summary>Attention in the encoder.</summary>
public enum AttentionKind
{
    /// <summary>One self-attention block over the latent vector as eight tokens.</summary>
    Latent,

    /// <summary>One self-attention block over the positions of the feature map, before the linear layer.</summary>
    Spatial,

    /// <summary>Attention pooling: eight learned queries attend to the positions of the feature map, instead of the linear layer.</summary>
    Pool,

    /// <summary>No attention: the linear layer's output is the latent vector.</summary>
    None,
}

/// <summary>Objective of the gradient descent.</summary>
public enum LossKind
{
    /// <summary>
    /// MSE(x, D(v)) + quantized weight · MSE(x, D(v + sg(w - v))) + commitment · mean (v - sg(w))², w the codebook vector of the BMU.
    /// </summary>
    Full,

    /// <summary>MSE(x, D(w)) alone, as in the report: the encoder has no gradient.</summary>
    Report,
}

/// <summary>Update rule of the codebook.</summary>
public enum SomUpdateKind
{
    /// <summary>Mini-batch Kohonen rule.</summary>
    Batch,

    /// <summary>Kohonen's online rule, one sample after another.</summary>
    Online,
}

/// <summary>
/// All settings that determine the result of a training: the same settings, data and accelerator yield the same bits.
/// </summary>
public sealed partial record TrainingSettings
{
    /// <summary>Number of tokens that the latent vector is cut into by <see cref="AttentionKind.Latent"/>.</summary>
    public const int LatentTokens = 8;

    /// <summary>Number of learned queries of <see cref="AttentionKind.Pool"/>.</summary>
    public const int PoolQueries = 8;

    /// <summary>Minimum of <see cref="Stages"/>, and the number of runs from before it was a setting.</summary>
    public const int MinStages = 2;

    /// <summary>Maximum of <see cref="Stages"/>: the largest images are left with a side of 4.</summary>
    public const int MaxStages = 7;

    /// <summary>Maximum of <see cref="Shards"/>.</summary>
    public const int MaxShards = 1024;

    /// <summary>Default of <see cref="Commitment"/> of gray images.</summary>
    public const double GrayCommitment = 0.05;

    /// <summary>Kind of the model.</summary>
    public ModelKind Model { get; init; } = ModelKind.SomAttn;

    /// <summary>Number of epochs: passes over the training images.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images per step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Shards of a batch, a power of two: the gradient of each is computed alone, and their sum is a binary tree, so that any number of
    /// ranks that divides it computes the same bits.
    /// </summary>
    [JsonIgnore]
    public int Shards { get; init; } = 1;

    /// <summary><see cref="Shards"/> in files; null, and no key, for 1.</summary>
    [JsonPropertyName("shards")]
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal int? ShardsInFiles
    {
        get => Shards == 1 ? null : Shards;
        init => Shards = value ?? 1;
    }

    /// <summary>Adam's learning rate at the first step; cosine annealing to <see cref="FinalLearningRate"/>.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Adam's learning rate at the last step: a twentieth of the first.</summary>
    public double FinalLearningRate => LearningRate / 20;

    /// <summary>D, elements of the latent vector.</summary>
    public int Latent { get; init; } = 32;

    /// <summary>Rows of the map.</summary>
    public int MapHeight { get; init; } = 12;

    /// <summary>Columns of the map.</summary>
    public int MapWidth { get; init; } = 12;

    /// <summary>
    /// Form of the map; null, and no key in files, for <see cref="Settings.MapOptions"/>' own values, those of runs from before it was a
    /// setting.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MapOptions? MapOptions { get; init; } = new MapOptions { Lattice = MapLattice.Hexagon };

    /// <summary>Attention in the encoder.</summary>
    public AttentionKind Attention { get; init; } = AttentionKind.Latent;

    /// <summary>
    /// Neighborhood width σ of the map at the first step, in grid cells; neither the sampler's noise σ nor the VAE's σ²
    /// (<see cref="DecoderVariance"/>).
    /// </summary>
    public double SigmaStart { get; init; } = 4;

    /// <summary>Neighborhood width σ of the map after 80 % of the steps, in grid cells.</summary>
    public double SigmaEnd { get; init; } = 0.5;

    /// <summary>The map's learning rate η at the first step, in (0, 1].</summary>
    public double EtaStart { get; init; } = 0.3;

    /// <summary>The map's learning rate η at the last step.</summary>
    public double EtaEnd { get; init; } = 0.01;

    /// <summary>Weight of mse_q, the error of the decoded codebook vectors D(w), in the loss; larger for codes near the codebook.</summary>
    public double QuantizedWeight { get; init; } = 0.05;

    /// <summary>
    /// Weight of the commitment term of the loss; null for <see cref="GrayCommitment"/> of gray images and 0 of color images, until they
    /// are read: the term holds codes near the units, and color, a small part of the variance, then stays out of them for thousands of
    /// steps.
    /// </summary>
    public double? Commitment { get; init; }

    /// <summary>Objective of the gradient descent.</summary>
    public LossKind Loss { get; init; } = LossKind.Full;

    /// <summary>β of a VAE, the weight of the Kullback-Leibler divergence in its loss.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>
    /// Decoder variance σ² of a VAE: pixels are N(D(z), σ²); not the map's neighborhood width σ. Smaller for sharper reconstructions,
    /// larger for better samples.
    /// </summary>
    public double DecoderVariance { get; init; } = 0.05;

    /// <summary>Update rule of the codebook.</summary>
    public SomUpdateKind SomUpdate { get; init; } = SomUpdateKind.Batch;

    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Maximum number of training images and of test images, from the first on; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Training images that are held out and take the place of the test images, see <see cref="Dataset.HoldOut"/>; null, and no key in
    /// files, for none.
    /// </summary>
    [JsonPropertyName("validate")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ValidationImages { get; init; }

    /// <summary>
    /// Epochs from one evaluation on the test images to the next, see <see cref="IsEvaluated"/>; null, and no key in files, for 1.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? EvalEvery { get; init; }

    /// <summary>Side to which pictures of an image folder are resized; null for 28, and for MNIST's files.</summary>
    public int? ImageSize { get; init; }

    /// <summary>Whether unreadable pictures of an image folder are skipped.</summary>
    public bool SkipBroken { get; init; }

    /// <summary>
    /// Channels of the images, see <see cref="ImageShape"/>; null for those that the pictures have, until they are read.
    /// </summary>
    public int? Channels { get; init; }

    /// <summary>
    /// Convolutions of the encoder, each of which halves the side; the decoder has as many. Null for a number by the side, until the images
    /// are read.
    /// </summary>
    public int? Stages { get; init; }

    /// <summary>How the pictures of a folder are found and become images; null for the defaults.</summary>
    public PictureReading? Pictures { get; init; }

    /// <summary>
    /// Returns whether the test images are evaluated after an epoch: before the first, after the last, and after each whose number is a
    /// multiple of <see cref="EvalEvery"/>.
    /// </summary>
    /// <param name="epoch">Completed epochs.</param>
    public bool IsEvaluated(int epoch) => epoch == Epochs || epoch % (EvalEvery ?? 1) == 0;

    /// <summary>Returns the sizes of the map for samples of a number and a dimension.</summary>
    public SomShape ToSomShape(int samples, int dimension)
    {
        MapOptions options = MapOptions ?? new MapOptions();
        MapEdges edges = options.Torus ? MapEdges.Torus : MapEdges.Open;
        return new SomShape(samples, MapHeight, MapWidth, dimension, options.Lattice, edges, options.Neighborhood);
    }

    /// <summary>Returns the settings that apply to reading the data.</summary>
    public DataOptions ToDataOptions() => new(Limit, ImageSize, SkipBroken, Channels)
    {
        Pictures = Pictures ?? new PictureReading(),
        ValidationImages = ValidationImages,
    };

    /// <summary>Returns the settings with another way to read pictures; the defaults are stored as null.</summary>
    public TrainingSettings With(PictureReading pictures) =>
        this with { Pictures = pictures == new PictureReading() ? null : pictures };

    /// <summary>Returns the settings with another form of the map; that of old runs is stored as null.</summary>
    public TrainingSettings With(MapOptions options) => this with { MapOptions = options == new MapOptions() ? null : options };

    /// <summary>Lists the settings that differ, by their keys in config.json, with both values.</summary>
    /// <param name="other">The settings to compare with.</param>
    public string DifferencesFrom(TrainingSettings other)
    {
        JsonObject own = JsonSerializer.SerializeToNode(this, StrictJson.Line)!.AsObject();
        JsonObject others = JsonSerializer.SerializeToNode(other, StrictJson.Line)!.AsObject();
        IEnumerable<string> differences =
            from key in own.Concat(others).Select(pair => pair.Key).Distinct()
            let values = (Own: own[key]?.ToJsonString() ?? "null", Other: others[key]?.ToJsonString() ?? "null")
            where values.Own != values.Other
            select $"{key} is {values.Own} instead of {values.Other}";
        return string.Join(", ", differences);
    }
}
