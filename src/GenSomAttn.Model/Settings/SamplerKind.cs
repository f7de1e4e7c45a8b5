namespace GenSomAttn.Model.Settings;

/// <summary>Distribution of new latent vectors.</summary>
public enum SamplerKind
{
    /// <summary>Units uniformly, and isotropic normal noise around their codebook vectors.</summary>
    Isotropic,

    /// <summary>
    /// The map's Gaussian mixture: units by their weights, then a normal distribution per unit.
    /// </summary>
    Density,

    /// <summary>Codebook vectors along a straight line on the map.</summary>
    Walk,

    /// <summary>N(0, 1), the prior of a VAE.</summary>
    Prior,

    /// <summary>A Gaussian mixture fitted to the codes of the training images.</summary>
    Mixture,
}
