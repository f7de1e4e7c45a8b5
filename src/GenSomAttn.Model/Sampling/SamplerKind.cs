namespace GenSomAttn.Model.Sampling;

/// <summary>How new latent vectors are drawn.</summary>
public enum SamplerKind
{
    /// <summary>Any unit alike, and the same noise in all directions around its codebook vector.</summary>
    Isotropic,

    /// <summary>Units as often as they win, and noise with the mean and covariance of what they win.</summary>
    Density,

    /// <summary>Along a straight line on the map.</summary>
    Walk,

    /// <summary>N(0, 1), which a VAE's codes come close to.</summary>
    Prior,

    /// <summary>A mixture of normal distributions that is fitted to the codes of the training images.</summary>
    Mixture,
}
