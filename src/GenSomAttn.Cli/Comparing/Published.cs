namespace GenSomAttn.Cli.Comparing;

/// <summary>Published scores of maps and of k-means on Fashion-MNIST, for comparison.</summary>
internal static class Published
{
    /// <summary>Source of the scores.</summary>
    public const string Source =
        "Published: 64 units on all 70,000 images of Fashion-MNIST, from table 2 of Forest, Lebbah, Azzag and Lacaille, \"Deep embedded "
        + "SOM\", ESANN 2019; that of DESOM is a mean of 10 runs, that of SOM-VAE is quoted there from its own paper (Fortuin et al., ICLR "
        + "2019), whose code takes the arithmetic mean.";

    /// <summary>The scores.</summary>
    public static IReadOnlyList<PublishedScore> Scores { get; } =
        [new("k-means on pixels", 0.716, 0.512), new("SOM-VAE", 0.739, 0.520), new("DESOM", 0.752, 0.538)];
}

/// <summary>A published score of 64 units or centers.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Purity">Purity on all 70,000 images.</param>
/// <param name="Nmi">NMI on all 70,000 images, normalized by the geometric mean.</param>
internal sealed record PublishedScore(string Method, double Purity, double Nmi);
