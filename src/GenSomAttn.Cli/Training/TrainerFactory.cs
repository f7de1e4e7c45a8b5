using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Creation of trainers from command line settings.</summary>
internal static class TrainerFactory
{
    /// <summary>Creates a trainer with all its buffers.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">Settings of the training.</param>
    /// <param name="dataset">Its images.</param>
    /// <param name="start">Parameters that it starts from; null for those that the seed draws.</param>
    /// <param name="ranks">The processes that train together; null for this one alone.</param>
    /// <exception cref="DataException">The model is a classifier, and the images have no labels.</exception>
    /// <exception cref="UsageException">A setting is out of its range, or the training does not fit into memory.</exception>
    /// <exception cref="TensorFileException">The parameters do not fit.</exception>
    public static Trainer Create(
        Backend<float> backend, TrainingSettings settings, Dataset dataset, InitialCheckpoint? start = null, ICommunicator? ranks = null)
    {
        if (settings.Model == ModelKind.Classifier && dataset.ClassNames.Count == 0)
        {
            throw new DataException("A classifier cannot be trained, because the images have no labels: put each picture into the folder "
                + "of its class, DIR/CLASS/, or train another --model.");
        }

        Trainer trainer;
        try
        {
            trainer = UsageException.Check(() => new Trainer(backend, settings, dataset, 0, ranks));
        }
        catch (OutOfMemoryException)
        {
            throw TooLarge();
        }

        // Linux overcommits memory and kills the process when the pages are touched.
        if (backend.ComputesInHostMemory && trainer.DeviceBytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            trainer.Dispose();
            throw TooLarge();
        }

        if (start is not null)
        {
            trainer.StartFrom(start.Checkpoint);
        }

        return trainer;
    }

    private static UsageException TooLarge()
        => new("the training does not fit into memory: give a smaller --batch-size, --map or --latent.");
}
