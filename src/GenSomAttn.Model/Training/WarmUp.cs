using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Model.Training;

/// <summary>
/// A training of a few black images, made and forgotten while the data are being read: the runtime compiles code when it runs for the
/// first time, and to compile all that a training runs takes as long as to read the data. It brings the first step forward by 0.3 s.
/// </summary>
public static class WarmUp
{
    /// <summary>Images; enough that they are computed as those of a whole batch are.</summary>
    private const int Images = 16;

    private const int Side = 28;

    /// <summary>Trains for one step, with an evaluation and a picture before it.</summary>
    /// <param name="backend">Who will compute. A device compiles kernels for its sizes, and a simulator takes seconds for a step: they are left alone.</param>
    /// <param name="settings">The training to come; of it those that decide what is computed, none of its sizes.</param>
    public static void Run(IBackend backend, TrainingSettings settings)
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
            foreach (Picture picture in RunPictures.Of(model))
            {
                PictureFile.Encode(picture);
            }
        }
    }
}
