namespace GenSomAttn.Model.Evaluation;

/// <summary>Consecutive images with their places on a map.</summary>
/// <param name="Images">(N), the places.</param>
/// <param name="Codes">v, (N, D).</param>
/// <param name="Pixels">(N, S, S, C), 0 dark to 255 bright.</param>
public sealed record LocatedBatch(IReadOnlyList<LocatedImage> Images, ReadOnlyMemory<float> Codes, ReadOnlyMemory<byte> Pixels);
