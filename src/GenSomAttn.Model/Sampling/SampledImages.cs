namespace GenSomAttn.Model.Sampling;

/// <summary>Images that were decoded from latent vectors.</summary>
/// <param name="Count">N.</param>
/// <param name="Pixels">(N, S·S·C), in (0, 1).</param>
/// <param name="Codes">The latent vectors, (N, D).</param>
/// <param name="Units">The unit that each was sampled around, (N); empty for samplers without units.</param>
public sealed record SampledImages(
    int Count, ReadOnlyMemory<float> Pixels, ReadOnlyMemory<float> Codes, ReadOnlyMemory<int> Units = default);
