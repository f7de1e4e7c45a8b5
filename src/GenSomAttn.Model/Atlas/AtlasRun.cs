using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Atlas;

/// <summary>What the page says about the run.</summary>
/// <param name="Title">Name of the run.</param>
/// <param name="Program">Start of a command line of this program, such as "dotnet run --".</param>
/// <param name="Argument">The run as an argument of a command line.</param>
/// <param name="Epoch">Completed epochs of the model.</param>
/// <param name="IsTraining">Whether the page will be replaced after the next epoch; it then reloads itself.</param>
/// <param name="Metrics">Scores of each epoch, for the curves.</param>
public sealed record AtlasRun(
    string Title, string Program, string Argument, int Epoch, bool IsTraining, IReadOnlyList<EpochMetrics> Metrics)
{
    /// <summary>Losses of single steps, for the curves.</summary>
    public IReadOnlyList<StepLoss> Losses { get; init; } = [];

    /// <summary>The maps of the epochs, in the order of the model's units.</summary>
    public IReadOnlyList<EpochMap> Maps { get; init; } = [];
}
