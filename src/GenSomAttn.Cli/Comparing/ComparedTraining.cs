using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Comparing;

/// <summary>A training of a comparison.</summary>
/// <param name="Model">The model.</param>
/// <param name="Config">All but the settings; its seed is that of its settings.</param>
internal sealed record ComparedTraining(ComparedModel Model, RunConfig Config);
