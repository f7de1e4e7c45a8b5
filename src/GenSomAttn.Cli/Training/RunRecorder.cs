using System.Diagnostics;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>
/// Writes into the run directory: after each epoch a checkpoint, scores and pictures, and within an epoch a checkpoint now and then.
/// Then passes on what it is told. What cannot be written is tried again later while the training goes on; the old file is kept.
/// </summary>
/// <param name="run">Where.</param>
/// <param name="trainer">What is trained.</param>
/// <param name="interval">Time between two checkpoints within an epoch; zero for none.</param>
/// <param name="next">Is told afterwards, and shows warnings.</param>
/// <param name="stop">Cancelled when the training is to end: then no time goes into pictures, which can be made again.</param>
internal sealed class RunRecorder(RunDirectory run, Trainer trainer, TimeSpan interval, ITrainingView next, CancellationToken stop)
    : ITrainingObserver
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private long _savedAt = Stopwatch.GetTimestamp();
    private long _savedStep = -1;
    private bool _failed;
    private RunException? _scoresFailure;

    /// <summary>The newest row of the scores; null before the first.</summary>
    public EpochMetrics? Latest { get; private set; }

    /// <summary>Saves a first checkpoint, unless there is one: what cannot be saved shows before the work and not after it.</summary>
    /// <exception cref="RunException">There is not enough space, or the checkpoint cannot be written.</exception>
    public void Begin()
    {
        Checkpoint checkpoint = trainer.ToCheckpoint();
        run.CheckSpace(checkpoint);
        if (!File.Exists(run.LastCheckpoint))
        {
            run.SaveCheckpoint(checkpoint);
        }

        _savedStep = trainer.Step;
    }

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        next.OnStep(report);

        // On a device several steps are told at once: the trainer stands at the last of them.
        bool isDue = (_failed || interval > TimeSpan.Zero) && Stopwatch.GetElapsedTime(_savedAt) >= (_failed ? RetryAfter : interval);
        if (isDue && report.Step == trainer.Step)
        {
            SaveCheckpoint();
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        // The checkpoint first: it is what nobody wants to lose.
        SaveCheckpoint();
        GiveMemoryBack();
        EpochMetrics row = SaveScores(metrics);
        if (!stop.IsCancellationRequested)
        {
            Attempt(() => SavePictures(metrics.Epoch));
        }

        Latest = row;
        next.OnEpoch(row);
        GiveMemoryBack();
    }

    /// <summary>Saves what is not saved yet, now that the training is over.</summary>
    /// <exception cref="RunException">It cannot be saved; the message says from where the run can go on.</exception>
    public void Finish()
    {
        try
        {
            if (_savedStep != trainer.Step)
            {
                run.SaveCheckpoint(trainer.ToCheckpoint());
            }

            if (_scoresFailure is not null)
            {
                run.Metrics.Save();
            }
        }
        catch (RunException exception)
        {
            throw new RunException($"{exception.Message} {LastGood}", exception);
        }
    }

    /// <summary>From where the run can go on.</summary>
    public string LastGood => $"The last good checkpoint is {run.LastCheckpoint}, of step {_savedStep}.";

    /// <summary>
    /// Checkpoint and pictures leave ten megabytes behind each. Given back to the system here, between two epochs, they do not add up,
    /// and no step is held up. They are made in methods of their own, so that nothing holds them anymore.
    /// </summary>
    private static void GiveMemoryBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);

    private void SaveCheckpoint()
    {
        if (_savedStep != trainer.Step)
        {
            _failed = Attempt(() => run.SaveCheckpoint(trainer.ToCheckpoint())) is not null;
            _savedStep = _failed ? _savedStep : trainer.Step;
        }

        _savedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Writes a row, unless the training goes on at the end of an epoch and its row is there already; returns the row.</summary>
    private EpochMetrics SaveScores(EpochMetrics metrics)
    {
        if (run.Metrics.Newest is { } newest && newest.Epoch >= metrics.Epoch)
        {
            return newest;
        }

        _scoresFailure = Attempt(() => run.Metrics.Append(metrics));
        return metrics;
    }

    private void SavePictures(int epoch)
    {
        IReadOnlyList<string> names = RunDirectory.SampleNames(trainer.Model.Settings.Model, epoch);
        foreach ((string name, Picture picture) in names.Zip(RunPictures.Of(trainer.Model)))
        {
            run.SavePicture(name, picture);
        }
    }

    /// <summary>Does what may fail for want of space, say; null if it did not.</summary>
    private RunException? Attempt(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (RunException exception)
        {
            next.Warn($"warning: {exception.Message} The training goes on, and tries again later.");
            return exception;
        }
    }
}
