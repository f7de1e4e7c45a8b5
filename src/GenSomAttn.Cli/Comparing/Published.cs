namespace GenSomAttn.Cli.Comparing;

/// <summary>Published scores of maps and of k-means on Fashion-MNIST, to stand beside ours.</summary>
internal static class Published
{
    /// <summary>Where they come from.</summary>
    public const string Source =
        "Published: 64 units on all 70,000 images of Fashion-MNIST, from table 2 of Forest, Lebbah, Azzag and Lacaille, \"Deep embedded "
        + "SOM\", ESANN 2019; that of DESOM is a mean of 10 runs, that of SOM-VAE is quoted there from its own paper (Fortuin et al., ICLR "
        + "2019), whose code takes the arithmetic mean.";

    /// <summary>The scores.</summary>
    public static IReadOnlyList<PublishedScore> Scores { get; } =
        [new("k-means on pixels", 0.716, 0.512), new("SOM-VAE", 0.739, 0.520), new("DESOM", 0.752, 0.538)];
}

/// <summary>A published score of 64 units or centers.</summary>
/// <param name="Method">What was trained.</param>
/// <param name="Purity">On all images.</param>
/// <param name="Nmi">On all images, normalized by the geometric mean.</param>
internal sealed record PublishedScore(string Method, double Purity, double Nmi);
