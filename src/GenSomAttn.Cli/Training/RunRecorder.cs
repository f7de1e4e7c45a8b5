using System.Diagnostics;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>
/// Observer that writes the run directory: checkpoint, losses, scores and pictures after each epoch, and checkpoints at an interval within
/// an epoch. It forwards every report. A failed write is retried later while the training continues; the old file is kept, and the
/// pictures and maps that a full disk refused are kept in memory, of the default model some 130 KB each.
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
    private readonly List<Action> _unwritten = [];
    private long _savedAt = Stopwatch.GetTimestamp();
    private long _savedStep = -1;
    private bool _failed;
    private Exception? _scoresFailure;

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
        ReturnMemory();
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
            AddFilesOf(row);
            Attempt(SaveFilesOfEpochs);
            SavePage(row);
        }

        Latest = row;
        next.OnEpoch(row);
        ReturnMemory();
    }

    /// <summary>Saves after the training what is not saved yet: last checkpoint, scores, pictures and maps.</summary>
    /// <exception cref="FileException">A write failed; the message names the last good checkpoint.</exception>
    public void Finish()
    {
        bool isBehind = _failed;
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

            SaveFilesOfEpochs();
        }
        catch (FileException exception)
        {
            throw new FileException($"{exception.Message} {LastGood}", exception);
        }

        _failed = false;
        if (isBehind && Latest is { } row)
        {
            SavePage(row);
        }
    }

    /// <summary>Sentence that names the last good checkpoint.</summary>
    public string LastGood => $"The last good checkpoint is {run.LastCheckpoint}, of step {_savedStep}.";

    /// <summary>
    /// Returns unused memory to the system. Reading the data, checkpoints, pictures and pages leave megabytes that would add up: a step
    /// allocates nothing, so nothing collects them.
    /// </summary>
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

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

    /// <summary>
    /// Writes curves and atlas, but not while losses or checkpoint cannot be saved: curves are those of the losses on disk, as the verifier
    /// expects.
    /// </summary>
    private void SavePage(EpochMetrics row)
    {
        if (!_failed)
        {
            Attempt(() => page.SaveAfterEpoch(row));
        }
    }

    /// <summary>Draws the pictures and the map of an epoch; <see cref="SaveFilesOfEpochs"/> writes them.</summary>
    private void AddFilesOf(EpochMetrics row)
    {
        foreach ((string name, Picture picture) in RunPictures.Of(trainer.Model, row.Epoch))
        {
            byte[] png = picture.ToPng();
            _unwritten.Add(() => run.SaveFile(Path.Combine(run.SamplesPath, name), png));
        }

        if (page.MapOf(row) is { } map)
        {
            _unwritten.Add(() => run.SaveMap(map));
        }
    }

    /// <summary>Writes the pictures and maps that are not written yet, as many as can be.</summary>
    /// <exception cref="FileException">A file cannot be written; it is kept.</exception>
    private void SaveFilesOfEpochs()
    {
        FileException? failure = null;
        _unwritten.RemoveAll(write =>
        {
            try
            {
                write();
                return true;
            }
            catch (FileException exception)
            {
                failure ??= exception;
                return false;
            }
        });
        if (failure is not null)
        {
            throw new FileException(failure.Message, failure);
        }
    }

    /// <summary>
    /// Runs a write that may fail, for example on a full disk or because a file that it reads is damaged; returns the error after warning,
    /// or null.
    /// </summary>
    private Exception? Attempt(Action write)
    {
        try
        {
            write();
            return null;
        }
        catch (Exception exception) when (exception is FileException or TensorFileException)
        {
            next.Warn($"warning: {exception.Message} The training continues and retries later.");
            return exception;
        }
    }
}
