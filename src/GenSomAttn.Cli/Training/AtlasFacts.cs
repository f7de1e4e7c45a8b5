using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Training;

/// <summary>What an atlas says about its run: the start of command lines is known here alone.</summary>
internal static class AtlasFacts
{
    /// <summary>Collects the facts of a training that goes on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Completed epochs of the model.</param>
    public static AtlasRun OfTraining(RunDirectory run, int epoch) => Of(run, epoch, isTraining: true);

    /// <summary>Collects the facts of a training that is over, with the maps of its epochs.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Completed epochs of the model.</param>
    /// <param name="order">The unit of the training for each unit of the model.</param>
    public static AtlasRun OfResult(RunDirectory run, int epoch, IReadOnlyList<int> order) =>
        Of(run, epoch, isTraining: false) with { Maps = [.. run.ReadMaps(order.Count).Select(map => map.InOrder(order))] };

    private static AtlasRun Of(RunDirectory run, int epoch, bool isTraining) =>
        new(run.Name, Invocation.Program, Invocation.NameOf(run), epoch, isTraining, run.Metrics.Read()) { Losses = run.Losses.Read() };
}
