namespace GenSomAttn.Model.Settings;

/// <summary>Facts about a kind of model that are needed before, or without, a model.</summary>
/// <param name="HasMap">Whether it has a map of its codes.</param>
/// <param name="Samplers">Its samplers, the default first; none for a model without a decoder.</param>
/// <param name="EpochSampler">The sampler of the pictures of each epoch, which needs no training images; null for no such pictures.</param>
public sealed record ModelTraits(bool HasMap, IReadOnlyList<SamplerKind> Samplers, SamplerKind? EpochSampler)
{
    /// <summary>Returns the traits of a kind. The default sampler of a map is the density: its images are nearer to real ones.</summary>
    public static ModelTraits Of(ModelKind kind) => kind switch
    {
        ModelKind.SomAttn => new(true, [SamplerKind.Density, SamplerKind.Isotropic, SamplerKind.Walk], SamplerKind.Isotropic),
        ModelKind.Vae => new(false, [SamplerKind.Prior], SamplerKind.Prior),
        ModelKind.Ae => new(false, [SamplerKind.Mixture], EpochSampler: null),
        ModelKind.Classifier => new(false, [], EpochSampler: null),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
