using System.Globalization;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A model of a comparison.</summary>
/// <param name="Name">What tables and pictures call it.</param>
/// <param name="Settings">How it is trained, but for the seed.</param>
/// <param name="Floor">Where it is no model, but vectors of pixels: which.</param>
internal sealed record ComparedModel(string Name, TrainingSettings Settings, PixelBaselineKind? Floor = null)
{
    /// <summary>Variances of a VAE's decoder: from sharp reconstructions to good samples.</summary>
    private static readonly double[] Variances = [0.5, 0.1, 0.05, 0.02];

    /// <summary>
    /// The map, VAEs with four variances, one with about as many parameters as the map's model (its latent vector is shorter), an
    /// autoencoder, and as floors what as many vectors of pixels do as the map has units.
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

    /// <summary>A map of 64 units, as published ones have, and what as many vectors of pixels do.</summary>
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

    /// <summary>The map with each form of attention, and without.</summary>
    /// <param name="common">Epochs, batch size and learning rate of all.</param>
    public static IReadOnlyList<ComparedModel> Attention(TrainingSettings common) =>
    [
        .. Enum.GetValues<AttentionKind>().Select(kind =>
            new ComparedModel($"attention {kind.ToString().ToLowerInvariant()}", common with { Attention = kind })),
    ];
}
