using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Training;

/// <summary>What an atlas says about its run: the start of command lines is known here alone.</summary>
internal static class AtlasFacts
{
    /// <summary>Collects the facts.</summary>
    /// <param name="run">The run.</param>
    /// <param name="epoch">Completed epochs of the model.</param>
    /// <param name="isTraining">Whether the training goes on.</param>
    public static AtlasRun Of(RunDirectory run, int epoch, bool isTraining) => new(
        run.Name, Invocation.Program, Invocation.NameOf(run), epoch, isTraining, run.Metrics.Read());
}
