using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Makes trainers from what the user asked for.</summary>
internal static class TrainerFactory
{
    /// <summary>Plans it.</summary>
    /// <exception cref="UsageException">A setting is out of its range, or all together are too large for the memory.</exception>
    public static Trainer Create(IBackend backend, TrainingSettings settings, Dataset dataset)
    {
        Trainer trainer;
        try
        {
            trainer = UsageException.Check(() => new Trainer(backend, settings, dataset));
        }
        catch (OutOfMemoryException)
        {
            throw TooLarge();
        }

        // The system hands out more memory than it has, and ends the process when it is used.
        bool isInHostMemory = backend.Name == "cpu";
        if (isInHostMemory && trainer.DeviceBytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            trainer.Dispose();
            throw TooLarge();
        }

        return trainer;
    }

    private static UsageException TooLarge()
        => new("the training does not fit into memory: give a smaller --batch-size, --map or --latent.");
}
