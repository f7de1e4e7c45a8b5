using System.Globalization;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Writes into the run directory after each epoch: scores, checkpoint, pictures. Then passes on what it is told.</summary>
/// <param name="run">Where.</param>
/// <param name="trainer">What is trained.</param>
/// <param name="next">Is told afterwards.</param>
internal sealed class RunRecorder(RunDirectory run, Trainer trainer, ITrainingObserver next) : ITrainingObserver
{
    /// <summary>The newest row of the scores; null before the first.</summary>
    public EpochMetrics? Latest { get; private set; }

    /// <inheritdoc/>
    public void OnStep(StepReport report) => next.OnStep(report);

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        // The checkpoint first: it is what nobody wants to lose.
        if (metrics.Epoch > 0)
        {
            SaveCheckpoint();
            GiveMemoryBack();
        }

        run.Metrics.Append(metrics);
        SavePictures(metrics.Epoch);
        Latest = metrics;
        next.OnEpoch(metrics);

        GiveMemoryBack();
    }

    /// <summary>
    /// Checkpoint and pictures leave ten megabytes behind each. Given back to the system here, between two epochs, they do not add up,
    /// and no step is held up. They are made in methods of their own, so that nothing holds them anymore.
    /// </summary>
    private static void GiveMemoryBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);

    private void SaveCheckpoint() => run.SaveCheckpoint(trainer.ToCheckpoint());

    private void SavePictures(int epoch)
    {
        SavePicture("epoch", epoch, RunPictures.FixedSamples(trainer.Model));
        SavePicture("map", epoch, RunPictures.DecodedMap(trainer.Model));
    }

    private void SavePicture(string name, int epoch, Picture picture)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{name}_{epoch:000}.png");
        PictureFile.Save(Path.Combine(run.SamplesPath, file), picture);
    }
}
