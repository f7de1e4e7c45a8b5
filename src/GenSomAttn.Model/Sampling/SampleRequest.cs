namespace GenSomAttn.Model.Sampling;

/// <summary>What to generate; the same request gives the same images.</summary>
/// <param name="Count">Images.</param>
/// <param name="Seed">Seed of the random numbers.</param>
/// <param name="Unit">The unit to sample around; null draws one for each image.</param>
public sealed record SampleRequest(int Count, ulong Seed, int? Unit = null);
