using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Resumes a training from its run directory.</summary>
internal static class TrainingResume
{
    /// <summary>
    /// Loads the newest checkpoint of the run into the trainer, reports it on stderr, and deletes later scores and temporary files.
    /// </summary>
    /// <exception cref="TensorFileException">The checkpoints are damaged, or of another training.</exception>
    public static void Continue(RunDirectory run, Trainer trainer)
    {
        run.DeleteTemporary();
        (Checkpoint? checkpoint, string? damage) = run.Recover();
        if (damage is not null)
        {
            Console.Error.WriteLine($"note: {damage}");
            Console.Error.WriteLine($"note: resuming from the previous checkpoint, {run.PreviousCheckpoint}");
        }

        if (checkpoint is not null)
        {
            try
            {
                trainer.Continue(checkpoint);
            }
            catch (TensorFileException exception)
            {
                bool isOfOthers = checkpoint.DatasetSha256 != trainer.DatasetSha256;
                string remedy = isOfOthers ? " Name those that the run was trained on with --data." : "";
                throw new TensorFileException($"Cannot resume from {run.LastCheckpoint}: {exception.Message}{remedy}", exception);
            }
        }

        run.Metrics.KeepUntil(trainer.Epoch);
        int epochs = trainer.Model.Settings.Epochs;
        bool isFinished = trainer.Step == trainer.TotalSteps && run.Metrics.Newest?.Epoch == epochs;
        Console.Error.WriteLine(isFinished
            ? $"{run.Path}: already finished: {epochs} of {epochs} epochs; its result follows"
            : $"{run.Path}: resuming after step {trainer.Step} of {trainer.TotalSteps}");
    }
}
