using System.Diagnostics;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>
/// Observer that writes the run directory: checkpoint, losses, scores and pictures after each epoch, and checkpoints at an interval within
/// an epoch. It forwards every report. A failed write is retried later while the training continues; the old file is kept.
/// </summary>
/// <param name="run">The run directory.</param>
/// <param name="trainer">The trainer to save.</param>
/// <param name="interval">Time between two checkpoints within an epoch; zero for none.</param>
/// <param name="next">Receives every report afterwards, and the warnings.</param>
/// <param name="page">Writes curves and atlas after each epoch.</param>
/// <param name="stop">Cancelled when the training is to stop: pictures are then skipped, because they can be drawn later.</param>
internal sealed class RunRecorder(
    RunDirectory run, Trainer trainer, TimeSpan interval, ITrainingView next, TrainingPage page, CancellationToken stop) : ITrainingObserver
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private long _savedAt = Stopwatch.GetTimestamp();
    private long _savedStep = -1;
    private bool _failed;
    private FileException? _scoresFailure;

    /// <summary>The latest row of scores; null before the first.</summary>
    public EpochMetrics? Latest { get; private set; }

    /// <summary>Saves a first checkpoint unless there is one, so that write errors show before the training and not after it.</summary>
    /// <exception cref="FileException">There is not enough space, or the checkpoint cannot be written.</exception>
    public void Begin()
    {
        Checkpoint checkpoint = trainer.ToCheckpoint();
        run.CheckSpace(checkpoint);
        if (!File.Exists(run.LastCheckpoint))
        {
            run.SaveCheckpoint(checkpoint);
        }

        _savedStep = trainer.Step;
        run.Losses.Begin(trainer.Step);
    }

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        run.Losses.Add(new StepLoss(report.Step, report.Epoch, report.Loss), report.TotalSteps);
        next.OnStep(report);

        // On a device several steps are reported together; the trainer's state is that of the last of them.
        bool isDue = (_failed || interval > TimeSpan.Zero) && Stopwatch.GetElapsedTime(_savedAt) >= (_failed ? RetryAfter : interval);
        if (isDue && report.Step == trainer.Step)
        {
            SaveCheckpoint();
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        // The checkpoint first: pictures can be drawn again from it.
        SaveCheckpoint();
        EpochMetrics row = SaveScores(metrics);
        if (!stop.IsCancellationRequested)
        {
            Attempt(() => SavePictures(metrics.Epoch));
            Attempt(() => page.SaveAfterEpoch(row));
        }

        Latest = row;
        next.OnEpoch(row);

        // Checkpoint and pictures leave megabytes that would add up over the epochs: a step allocates nothing, so nothing collects them.
        GC.Collect();
    }

    /// <summary>Saves the last checkpoint and scores after the training, unless they are saved already.</summary>
    /// <exception cref="FileException">A write failed; the message names the last good checkpoint.</exception>
    public void Finish()
    {
        try
        {
            if (_savedStep != trainer.Step)
            {
                run.Losses.Save();
                run.SaveCheckpoint(trainer.ToCheckpoint());
            }

            if (_scoresFailure is not null)
            {
                run.Metrics.Save();
            }
        }
        catch (FileException exception)
        {
            throw new FileException($"{exception.Message} {LastGood}", exception);
        }
    }

    /// <summary>Sentence that names the last good checkpoint.</summary>
    public string LastGood => $"The last good checkpoint is {run.LastCheckpoint}, of step {_savedStep}.";

    private void SaveCheckpoint()
    {
        if (_savedStep != trainer.Step)
        {
            _failed = Attempt(() =>
            {
                run.Losses.Save();
                run.SaveCheckpoint(trainer.ToCheckpoint());
            }) is not null;
            _savedStep = _failed ? _savedStep : trainer.Step;
        }

        _savedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Appends a row of scores, unless a resumed training reports an epoch whose row exists; returns the row.</summary>
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
        foreach ((string name, Picture picture) in RunPictures.Of(trainer.Model, epoch))
        {
            run.SavePicture(name, picture);
        }
    }

    /// <summary>Runs a write that may fail, for example on a full disk; returns the error after warning, or null.</summary>
    private FileException? Attempt(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (FileException exception)
        {
            next.Warn($"warning: {exception.Message} The training continues and retries later.");
            return exception;
        }
    }
}
