using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Model.Training;

/// <summary>
/// JIT warm-up: a training on a few black images that runs while the data are read and is then discarded. The runtime compiles code at
/// its first call, and compiling the code of a training takes as long as reading the data. The first step starts 0.3 s earlier.
/// </summary>
public static class WarmUp
{
    /// <summary>Number of images; enough to run the code paths of a whole batch.</summary>
    private const int Images = 16;

    private const int Side = 28;

    /// <summary>Trains for one step, with an evaluation and a picture before it.</summary>
    /// <param name="backend">
    /// Backend of the training. There is no warm-up on devices, which compile kernels for specific sizes, and on simulators, which take
    /// seconds for a step.
    /// </param>
    /// <param name="settings">Settings of the training; only those that select code paths are used, not the sizes.</param>
    public static void Run(Backend<float> backend, TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        if (!backend.ComputesInHostMemory)
        {
            return;
        }

        TrainingSettings few = new()
        {
            Model = settings.Model,
            Epochs = 1,
            BatchSize = Images,
            MapHeight = 2,
            MapWidth = 2,
            Attention = settings.Attention,
            Loss = settings.Loss,
            SomUpdate = settings.SomUpdate,
        };
        using Trainer trainer = new(backend, few, Dataset.Black(Images, Side));
        trainer.Run(new Pictures(trainer.Model), CancellationToken.None);
    }

    private sealed class Pictures(ImageModel model) : ITrainingObserver
    {
        public void OnStep(StepReport report)
        {
        }

        public void OnEpoch(EpochMetrics metrics)
        {
            foreach ((_, Picture picture) in RunPictures.Of(model, epoch: 1))
            {
                PictureFile.Encode(picture);
            }
        }
    }
}
