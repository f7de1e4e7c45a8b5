using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A finished training of a comparison, or a baseline.</summary>
/// <param name="Model">The model.</param>
/// <param name="Seed">Seed of the training.</param>
/// <param name="Folder">Run directory; null for a baseline.</param>
/// <param name="Parameters">Number of parameters trained by gradient; null for a baseline.</param>
/// <param name="Seconds">Duration of the training without the evaluations between epochs; for a baseline, scores included.</param>
/// <param name="Scores">Scores on the test images.</param>
internal sealed record ComparedRun(
    ComparedModel Model, ulong Seed, string? Folder, long? Parameters, double Seconds, ModelEvaluation Scores);
