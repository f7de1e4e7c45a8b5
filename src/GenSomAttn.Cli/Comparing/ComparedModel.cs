using System.Globalization;
using System.Text.Json.Serialization;
using GenSomAttn.Cli.Training;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A model, or a baseline on pixels, in a comparison.</summary>
/// <param name="Name">Name in tables and pictures.</param>
/// <param name="Settings">Training settings without the seed.</param>
/// <param name="Baseline">Kind of baseline on pixels; null for a model.</param>
internal sealed record ComparedModel(
    string Name, TrainingSettings Settings, [property: JsonPropertyName("floor")] PixelBaselineKind? Baseline = null)
{
    /// <summary>Decoder variances of the VAEs: from sharp reconstructions to good samples.</summary>
    private static readonly double[] Variances = [0.5, 0.1, 0.05, 0.02];

    /// <summary>Values of the frontier: beside each final sigma the usual weights, and at the middle ones others.</summary>
    private static readonly double[] FinalSigmas = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1];
    private static readonly double[] MiddleSigmas = [0.5, 0.6];
    private static readonly double[] QuantizedWeights = [0.02, 0.1, 0.25];
    private const double HighCommitment = 0.25;

    /// <summary>
    /// Returns the map, the map with the report's values, VAEs with four decoder variances, one VAE with about as many parameters as the
    /// map's model (its latent vector is shorter), an autoencoder, and two baselines with as many vectors of pixels as the map has units.
    /// </summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> All(TrainingSettings common)
    {
        TrainingSettings vae = common with { Model = ModelKind.Vae };
        const int MatchedLatent = 22;
        return
        [
            new("Gen-SOM-Attn", common),
            new("Gen-SOM-Attn, preset report", Presets.Apply(Preset.Report, common) with { Epochs = common.Epochs }),
            .. Variances.Select(variance => new ComparedModel(
                string.Create(CultureInfo.InvariantCulture, $"VAE {variance}"), vae with { DecoderVariance = variance })),
            new("VAE 0.05, matched", vae with { Latent = MatchedLatent }),
            new("autoencoder", common with { Model = ModelKind.Ae }),
            new("pixels, k-means", common, PixelBaselineKind.KMeans),
            new("pixels, map", common, PixelBaselineKind.Map),
        ];
    }

    /// <summary>
    /// Returns maps of as many units as published ones, sigma starting at a third of their side, and for each two baselines with as many
    /// vectors of pixels.
    /// </summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    /// <param name="sides">Rows and columns of the maps.</param>
    public static IReadOnlyList<ComparedModel> Literature(TrainingSettings common, IEnumerable<int> sides) =>
    [
        .. from side in sides
           let sized = FittingDefaults.WithSigmaOfSide(common with { MapHeight = side, MapWidth = side })
           from model in (ComparedModel[])
           [
               new($"Gen-SOM-Attn, {side}x{side}", sized),
               new($"pixels, k-means, {side * side}", sized, PixelBaselineKind.KMeans),
               new($"pixels, map, {side}x{side}", sized, PixelBaselineKind.Map),
           ]
           select model,
    ];

    /// <summary>
    /// Returns maps with settings that trade order for fidelity: final sigma, the weights of D(w) and of the commitment term, and the
    /// lattice; then the presets, whose names the chart shows.
    /// </summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> Frontier(TrainingSettings common)
    {
        double usual = common.Commitment ?? TrainingSettings.GrayCommitment;
        (double Sigma, double Weight, double Commitment)[] points =
        [
            .. FinalSigmas.Select(sigma => (sigma, common.QuantizedWeight, usual)),
            .. from weight in QuantizedWeights from sigma in MiddleSigmas select (sigma, weight, usual),
            .. from sigma in MiddleSigmas select (sigma, common.QuantizedWeight, HighCommitment),
        ];
        return
        [
            .. from lattice in Enum.GetValues<MapLattice>()
               from point in points
               let settings = common with
               {
                   SigmaEnd = point.Sigma, QuantizedWeight = point.Weight, Commitment = point.Commitment,
               }
               select new ComparedModel(
                   string.Create(CultureInfo.InvariantCulture, $"{lattice.ToString().ToLowerInvariant()}, sigma {point.Sigma}, ")
                   + string.Create(CultureInfo.InvariantCulture, $"D(w) {point.Weight}, commitment {point.Commitment}"),
                   settings.With(new MapOptions { Lattice = lattice })),
            .. from preset in (Preset[])[Preset.Default, Preset.Map, Preset.Samples]
               select new ComparedModel($"preset {preset.ToString().ToLowerInvariant()}", Presets.Apply(preset, common)),
        ];
    }

    /// <summary>Returns the map with each form of attention, and without attention.</summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> Attention(TrainingSettings common) =>
    [
        .. Enum.GetValues<AttentionKind>().Select(kind =>
            new ComparedModel($"attention {kind.ToString().ToLowerInvariant()}", common with { Attention = kind })),
    ];
}
