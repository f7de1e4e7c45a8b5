using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>The training on a rank other than 0, which writes no files.</summary>
internal static class FollowingRank
{
    /// <summary>Trains with the others and returns the exit code.</summary>
    public static int Run(PreparedTraining training, StopSignals signals)
    {
        (RunConfig config, Trainer trainer) = (training.Config, training.Trainer);
        trainer.CopyStateFromFirst();
        trainer.Run(new LineProgress(Console.Error, config.Settings.Epochs, training.Dataset.Train.Count), signals.Token);
        return trainer.Step == trainer.TotalSteps ? ExitCodes.Done : signals.StopWithOthers();
    }
}
