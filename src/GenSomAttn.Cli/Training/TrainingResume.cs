using GenSomAttn.Model.Files;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Goes on with what a training left in its run directory.</summary>
internal static class TrainingResume
{
    /// <summary>
    /// Brings the trainer to the newest checkpoint of the run, says on stderr which that is, and clears the run of what came after it.
    /// </summary>
    /// <exception cref="ModelFormatException">The checkpoints are damaged, or of another training.</exception>
    public static void Continue(RunDirectory run, Trainer trainer)
    {
        run.DeleteTemporary();
        (Checkpoint? checkpoint, string? damage) = run.Recover();
        if (damage is not null)
        {
            Console.Error.WriteLine($"note: {damage}");
            Console.Error.WriteLine($"note: going on from the checkpoint before it, {run.PreviousCheckpoint}");
        }

        if (checkpoint is not null)
        {
            try
            {
                trainer.Continue(checkpoint);
            }
            catch (ModelFormatException exception)
            {
                throw new ModelFormatException($"Cannot go on with {run.LastCheckpoint}: {exception.Message}", exception);
            }
        }

        run.Metrics.KeepUntil(trainer.Epoch);
        int epochs = trainer.Model.Settings.Epochs;
        bool isFinished = trainer.Step == trainer.TotalSteps && run.Metrics.Newest?.Epoch == epochs;
        Console.Error.WriteLine(isFinished
            ? $"{run.Path}: already finished: {epochs} of {epochs} epochs; its result follows"
            : $"{run.Path}: going on after step {trainer.Step} of {trainer.TotalSteps}");
    }
}
