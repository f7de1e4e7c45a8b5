using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Training;

/// <summary>
/// Training loop: each epoch visits every training image once, in a new random order; each step updates the parameters by Adam and, if
/// there is one, the map by competitive learning. A step allocates nothing, on the host or on the device.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    /// <summary>Steps between two copies of the losses to the host: each copy synchronizes with the device.</summary>
    private const int StepsPerReadFromDevice = 50;

    private readonly TrainingSettings _settings;
    private readonly DeviceMemory _memory;
    private readonly ShuffledImages _train;
    private readonly DeviceImages _test;
    private readonly int _classes;
    private readonly TrainingLoss _loss;
    private readonly Adam _adam;
    private readonly Schedule _schedule;
    private readonly StepTable _table;
    private readonly int _stepsPerRead;
    private readonly Evaluator _evaluator;
    private readonly CapturedStep? _capturedLearn;
    private readonly ShardedStep? _sharded;
    private readonly ICommunicator _ranks;
    private bool _mustStop;
    private TrainingBatch _batch;
    private double _lossSum;

    /// <summary>Builds the model, draws its initial values, and copies the images to the device.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">Settings of the training; their limit is not applied, the data are already limited.</param>
    /// <param name="dataset">Training and test images; the trainer keeps only their pixels and labels.</param>
    /// <param name="stepsPerRead">Steps between two reads of the losses; 0 for 1 on backends in host memory and 50 on devices.</param>
    /// <param name="ranks">
    /// The ranks that train together, each with a trainer of the same settings and data; null for this one alone. Rank 0 evaluates.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A setting is out of its range, or the number of ranks does not divide that of the shards.
    /// </exception>
    public Trainer(
        Backend<float> backend, TrainingSettings settings, Dataset dataset, int stepsPerRead = 0, ICommunicator? ranks = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(dataset);
        _ranks = ranks ?? new SingleRank();
        RankState.Check(settings, _ranks.Size);
        _classes = dataset.ClassNames.Count;
        Model = ImageModel.Create(backend, settings, dataset.Train.Shape, _classes);
        Model.Initialize();
        CodebookStart.Apply(Model, dataset.Train);
        _settings = Model.Settings;
        _memory = new DeviceMemory(backend);
        _loss = Model.CreateLoss(_memory);
        _adam = new Adam(backend, Model.Parameters);
        _train = new ShuffledImages(backend, dataset.Train, settings.BatchSize, settings.Shards, _memory);
        _test = new DeviceImages(backend, dataset.Test, Model.MaxBatch);
        DatasetSha256 = dataset.Sha256;
        _schedule = new Schedule(settings, TotalSteps);
        _table = new StepTable(backend, _memory, _schedule, StepsPerEpoch, _loss.Parts);
        _stepsPerRead = stepsPerRead > 0 ? stepsPerRead : backend.ComputesInHostMemory ? 1 : StepsPerReadFromDevice;
        _evaluator = new Evaluator(Model);
        _sharded = settings.Shards > 1 ? new ShardedStep(Model, _loss, _adam, _train, _memory, _ranks) : null;
        _capturedLearn = _loss.CanBeCaptured && _sharded is null ? backend.CaptureStep(Learn) : null;
    }

    /// <summary>SHA-256 of the data, see <see cref="Dataset.Sha256"/>.</summary>
    public string DatasetSha256 { get; }

    /// <summary>The model in training.</summary>
    public ImageModel Model { get; }

    /// <summary>Statistics of the units on the test images, of the newest evaluation; null before it, and without a map.</summary>
    public MapStatistics? Units { get; private set; }

    /// <summary>Number of completed steps.</summary>
    public long Step { get; private set; }

    /// <summary>Steps of the whole training.</summary>
    public long TotalSteps => (long)StepsPerEpoch * _settings.Epochs;

    /// <summary>Steps of an epoch; the last may have a smaller batch.</summary>
    public int StepsPerEpoch => _train.Batches;

    /// <summary>Bytes allocated on the device.</summary>
    public long DeviceBytes => Model.DeviceBytes + _memory.Bytes + _train.DeviceBytes + _test.DeviceBytes;

    /// <summary>Number of completed epochs.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);

    /// <summary>Completed steps of the current epoch.</summary>
    private int StepInEpoch => (int)(Step % StepsPerEpoch);

    /// <summary>
    /// Trains until the end, or until <paramref name="stop"/> is cancelled, on any of the ranks: then the current step is the last.
    /// </summary>
    /// <param name="observer">
    /// Receives every step and epoch. At an epoch boundary the last completed epoch is reported again first, because a run that was
    /// stopped there may not have reported it.
    /// </param>
    /// <param name="stop">Stops the training after the current step.</param>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public void Run(ITrainingObserver observer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(observer);
        try
        {
            if (StepInEpoch == 0)
            {
                TellScores(observer, images: 0, seconds: 0, stop);
            }

            while (Step < TotalSteps && !_ranks.Any(stop.IsCancellationRequested))
            {
                RunEpoch(observer, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped during the evaluation of an epoch: the state of the training is complete, and a resumed run evaluates again.
        }
    }

    /// <summary>Copies the state of rank 0 to all other ranks: after it resumed, and because the ranks are different machines.</summary>
    public void CopyStateFromFirst()
    {
        (Step, _lossSum) = RankState.CopyFromFirst(_ranks, Model, Step, _lossSum);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _capturedLearn?.Dispose();
        _sharded?.Dispose();
        Model.Dispose();
        _memory.Dispose();
        _train.Dispose();
        _test.Dispose();
    }

    /// <summary>Returns the name of the first parameter whose gradient is not finite; null if there is none.</summary>
    private string? FindGradientNotFinite() =>
        Model.Parameters.Parameters.FirstOrDefault(parameter => !Array.TrueForAll(parameter.Gradient.ToArray(), float.IsFinite))?.Name;

    private void RunEpoch(ITrainingObserver observer, CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        int first = StepInEpoch;
        _lossSum = first == 0 ? 0 : _lossSum;
        _train.BeginEpoch(_settings.Seed, Epoch);
        _table.BeginEpoch(Step - first);
        int told = first;
        for (int step = first; step < StepsPerEpoch; step++)
        {
            if (_ranks.Size > 1 ? _mustStop : stop.IsCancellationRequested)
            {
                TellLosses(observer, told, step);
                return;
            }

            TakeStep(step, stop.IsCancellationRequested);
            if (step + 1 - told == _stepsPerRead || step + 1 == StepsPerEpoch)
            {
                TellLosses(observer, told, step + 1);
                told = step + 1;
            }
        }

        int images = _train.Count - _train.CountBefore(first);
        TellScores(observer, images, Stopwatch.GetElapsedTime(began).TotalSeconds, stop);
    }

    private void TakeStep(int step, bool stop)
    {
        _table.BeginStep(step);
        if (_sharded is not null)
        {
            _mustStop = _sharded.Run(step, Step, _table, stop);
            _table.EndStep(step, _sharded.Losses);
            Step++;
            return;
        }

        _batch = _train.Gather(step, shard: 0, Step);
        _loss.Begin(_batch);
        if (_capturedLearn is not null && _batch.Count == _settings.BatchSize)
        {
            _capturedLearn.Run();
        }
        else
        {
            Learn();
        }

        _table.EndStep(step, _loss.OnDevice);
        Step++;
    }

    /// <summary>
    /// Runs forward pass, backward pass and updates on the current batch: the part of a step that is identical for all full batches and is
    /// captured as a CUDA graph.
    /// </summary>
    private void Learn()
    {
        _loss.Forward(_batch);
        _adam.ZeroGradients();
        _loss.Backward(_batch);
        _adam.Apply(_table.AdamRates);
        _loss.LearnWithoutGradient(_batch, _table.MapRates);
    }

    /// <summary>Reads the losses of the last steps and reports them to the observer in order.</summary>
    /// <param name="observer">Observer of the steps.</param>
    /// <param name="first">The first of the steps, counted in the epoch from 0.</param>
    /// <param name="end">The step after the last (exclusive).</param>
    private void TellLosses(ITrainingObserver observer, int first, int end)
    {
        long epochBegan = Step - end;
        int epoch = (int)(epochBegan / StepsPerEpoch) + 1;
        ReadOnlySpan<float> parts = _table.ReadLosses(first, end - first);
        for (int step = first; step < end; step++)
        {
            Losses losses = _loss.Combine(parts.Slice((step - first) * _loss.Parts, _loss.Parts));
            long steps = epochBegan + step + 1;
            if (!float.IsFinite(losses.Total))
            {
                throw new TrainingDivergedException(steps, losses, FindGradientNotFinite());
            }

            int images = _train.CountBefore(step + 1);
            _lossSum += (double)losses.Total * (images - _train.CountBefore(step));
            observer.OnStep(new StepReport(steps, TotalSteps, epoch, images, losses));
        }
    }

    /// <summary>Evaluates on rank 0; the others go on to the next exchange with it.</summary>
    private void TellScores(ITrainingObserver observer, int images, double seconds, CancellationToken stop)
    {
        if (_ranks.Rank > 0)
        {
            return;
        }

        try
        {
            observer.OnEpoch(Measure(images, seconds, stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && _ranks.Size > 1)
        {
            // The other ranks learn of it before the next epoch; without them, Run ends at once.
        }
    }

    /// <summary>Evaluates the test images at the end of an epoch, or before the first; without it, the scores are null.</summary>
    /// <param name="images">Images trained in <paramref name="seconds"/>.</param>
    /// <param name="seconds">Duration of the epoch's training in this process.</param>
    /// <param name="stop">Cancels the evaluation.</param>
    private EpochMetrics Measure(int images, double seconds, CancellationToken stop)
    {
        EvaluationResult result = _settings.IsEvaluated(Epoch)
            ? _evaluator.Evaluate(_test, _classes, stop)
            : new EvaluationResult { Images = 0 };
        Units = result.Map ?? Units;
        long lastStep = Math.Max(0, Step - 1);
        return new EpochMetrics
        {
            Epoch = Epoch,
            MseE = result.MseE,
            MseQ = result.MseQ,
            QuantizationError = result.QuantizationError,
            Te4 = result.Te4,
            Te8 = result.Te8,
            Te6 = result.Te6,
            UnitsUsed = result.UnitsUsed,
            Perplexity = result.Perplexity,
            Sigma = Model.Map is null ? null : _schedule.Sigma(lastStep),
            Eta = Model.Map is null ? null : _schedule.Eta(lastStep),
            LearningRate = _schedule.LearningRate(lastStep),
            Loss = Step == 0 ? null : _lossSum / _train.Count,
            Accuracy = result.Accuracy,
            Seconds = seconds,
            ImagesPerSecond = seconds > 0 ? images / seconds : 0,
        };
    }
}
