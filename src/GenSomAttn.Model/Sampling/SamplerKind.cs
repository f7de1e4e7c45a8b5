namespace GenSomAttn.Model.Sampling;

/// <summary>How new latent vectors are drawn.</summary>
public enum SamplerKind
{
    /// <summary>Any unit alike, and the same noise in all directions around its codebook vector.</summary>
    Isotropic,

    /// <summary>Units as often as they win, and noise with the mean and covariance of what they win.</summary>
    Density,
}
