namespace GenSomAttn.Model.Sampling;

/// <summary>Images that were decoded from latent vectors.</summary>
/// <param name="Pixels">(N, S·S), in (0, 1).</param>
/// <param name="Codes">The latent vectors, (N, D).</param>
/// <param name="Units">The unit that each was sampled around, (N).</param>
public sealed record SampledImages(ReadOnlyMemory<float> Pixels, ReadOnlyMemory<float> Codes, ReadOnlyMemory<int> Units);
