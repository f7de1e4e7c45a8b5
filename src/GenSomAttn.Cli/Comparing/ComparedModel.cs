using System.Globalization;
using System.Text.Json.Serialization;
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

    /// <summary>
    /// Returns the map, VAEs with four decoder variances, one VAE with about as many parameters as the map's model (its latent vector is
    /// shorter), an autoencoder, and two baselines with as many vectors of pixels as the map has units.
    /// </summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> All(TrainingSettings common)
    {
        TrainingSettings vae = common with { Model = ModelKind.Vae };
        const int MatchedLatent = 22;
        return
        [
            new("Gen-SOM-Attn", common),
            .. Variances.Select(variance => new ComparedModel(
                string.Create(CultureInfo.InvariantCulture, $"VAE {variance}"), vae with { DecoderVariance = variance })),
            new("VAE 0.05, matched", vae with { Latent = MatchedLatent }),
            new("autoencoder", common with { Model = ModelKind.Ae }),
            new("pixels, k-means", common, PixelBaselineKind.KMeans),
            new("pixels, map", common, PixelBaselineKind.Map),
        ];
    }

    /// <summary>Returns a map of 64 units, like the published ones, and two baselines with 64 vectors of pixels.</summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> Small(TrainingSettings common)
    {
        TrainingSettings small = common with { MapHeight = 8, MapWidth = 8 };
        return
        [
            new("Gen-SOM-Attn, 8x8", small),
            new("pixels, k-means, 64", small, PixelBaselineKind.KMeans),
            new("pixels, map, 8x8", small, PixelBaselineKind.Map),
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
