namespace GenSomAttn.Cli.Comparing;

/// <summary>Published scores of maps and of k-means on Fashion-MNIST, for comparison.</summary>
internal static class Published
{
    /// <summary>Sources of the scores.</summary>
    public const string Source =
        "Published: 64 units on all 70,000 images of Fashion-MNIST from table 2 of Forest, Lebbah, Azzag and Lacaille, \"Deep embedded "
        + "SOM\", ESANN 2019; that of DESOM is a mean of 10 runs, that of SOM-VAE is quoted there from its own paper (Fortuin et al., ICLR "
        + "2019), whose code takes the arithmetic mean. DPSOM (Manduchi et al., CHIL 2021) from the README of elin-d/dpsom on GitHub, on a "
        + "validation part of the training images, beside purity and nmi_geometric here. ViT-SOM (IEEE Signal Processing Letters, 2025) on "
        + "the training images, without NMI.";

    /// <summary>The scores.</summary>
    public static IReadOnlyList<PublishedScore> Scores { get; } =
    [
        new("k-means on pixels, 64", "purity_all", 0.716, "nmi_geometric_all", 0.512),
        new("SOM-VAE, 64", "purity_all", 0.739, "nmi_geometric_all", 0.520),
        new("DESOM, 64", "purity_all", 0.752, "nmi_geometric_all", 0.538),
        new("DPSOM, 64", "purity", 0.781, "nmi_geometric", 0.567),
        new("ViT-SOM, 576", "purity_training", 0.817),
        new("ViT-SOM, 1600", "purity_training", 0.841),
    ];
}

/// <summary>A published score.</summary>
/// <param name="Method">Name of the method and number of units or centers.</param>
/// <param name="PurityColumn">The score here that is of the same images.</param>
/// <param name="Purity">Purity.</param>
/// <param name="NmiColumn">The NMI here that is of the same images and normalized in the same way; null for none.</param>
/// <param name="Nmi">Normalized mutual information.</param>
internal sealed record PublishedScore(string Method, string PurityColumn, double Purity, string? NmiColumn = null, double Nmi = 0);
