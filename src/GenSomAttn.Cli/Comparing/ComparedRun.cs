using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A training of a comparison, at its end; or a floor.</summary>
/// <param name="Model">The model.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Folder">Its run directory; null for a floor.</param>
/// <param name="Parameters">Numbers that the gradient moved; null for a floor.</param>
/// <param name="Seconds">Duration of the training, without the scores between the epochs; of a floor with its scores.</param>
/// <param name="Scores">Its scores.</param>
internal sealed record ComparedRun(
    ComparedModel Model, ulong Seed, string? Folder, long? Parameters, double Seconds, ModelEvaluation Scores);
