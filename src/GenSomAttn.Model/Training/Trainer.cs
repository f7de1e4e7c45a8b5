using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Optimizers;
using GenSomAttn.Engine.Rng;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;

namespace GenSomAttn.Model.Training;

/// <summary>
/// Trains a <see cref="SomAttnModel"/>: each epoch shows every training image once, in an order of its own; each step moves the
/// parameters by Adam and the map by competitive learning. A step allocates nothing, on the host or on the device.
/// </summary>
public sealed class Trainer : IDisposable
{
    /// <summary>Steps between two readings of the losses from a device: each reading waits until the device has done all it was asked.</summary>
    private const int StepsPerReadFromDevice = 50;

    private readonly TrainingSettings _settings;
    private readonly DeviceMemory _memory;
    private readonly DeviceImages _train;
    private readonly DeviceImages _test;
    private readonly int _classes;
    private readonly string _datasetSha256;
    private readonly SomAttnLoss _loss;
    private readonly Adam _adam;
    private readonly Schedule _schedule;
    private readonly StepTable _table;
    private readonly int _stepsPerRead;
    private readonly Evaluator _evaluator;
    private readonly int[] _order;
    private readonly DeviceView<int> _orderOnDevice;

    /// <summary>Builds the model, draws its initial values, and brings the images to the device.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="settings">The training; the data are taken as they are, already limited.</param>
    /// <param name="dataset">Training and test images; the trainer keeps their pixels alone.</param>
    /// <param name="stepsPerRead">Steps after which their losses are read and told; 0 for each where that costs nothing, else 50.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public Trainer(IBackend backend, TrainingSettings settings, Dataset dataset, int stepsPerRead = 0)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(dataset);
        _settings = settings;
        Model = new SomAttnModel(backend, settings, dataset.Train.Side);
        Model.Initialize();
        _memory = new DeviceMemory(backend);
        _loss = new SomAttnLoss(Model, _memory);
        _adam = new Adam(backend, Model.Parameters);
        _train = new DeviceImages(backend, dataset.Train, settings.BatchSize);
        _test = new DeviceImages(backend, dataset.Test, settings.BatchSize);
        _classes = dataset.ClassNames.Count;
        _datasetSha256 = dataset.Sha256;
        _order = new int[_train.Count];
        _orderOnDevice = _memory.Take<int>(_train.Count);
        StepsPerEpoch = (_train.Count + settings.BatchSize - 1) / settings.BatchSize;
        _schedule = new Schedule(settings, TotalSteps);
        _table = new StepTable(backend, _memory, _schedule, StepsPerEpoch);
        _stepsPerRead = stepsPerRead > 0 ? stepsPerRead : backend.ComputesInHostMemory ? 1 : StepsPerReadFromDevice;
        _evaluator = new Evaluator(Model);
    }

    /// <summary>The model in training.</summary>
    public SomAttnModel Model { get; }

    /// <summary>Steps done.</summary>
    public long Step => _adam.Step;

    /// <summary>Steps of the whole training.</summary>
    public long TotalSteps => (long)StepsPerEpoch * _settings.Epochs;

    /// <summary>Steps of an epoch; the last may have a smaller batch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Bytes that the training keeps on its device.</summary>
    public long DeviceBytes => Model.DeviceBytes + _memory.Bytes + _train.DeviceBytes + _test.DeviceBytes;

    /// <summary>Epochs done.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);

    /// <summary>Trains until the end, or until <paramref name="stop"/> is cancelled: then the current step is the last.</summary>
    /// <param name="observer">Is told of every step and epoch.</param>
    /// <param name="stop">Asks to stop.</param>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public void Run(ITrainingObserver observer, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(observer);
        observer.OnEpoch(Measure(lastStep: 0, loss: null, seconds: 0));
        while (Step < TotalSteps && !stop.IsCancellationRequested)
        {
            RunEpoch(observer, stop);
        }
    }

    /// <summary>The training as it stands.</summary>
    public Checkpoint ToCheckpoint() => new()
    {
        Settings = _settings,
        Side = Model.Side,
        Step = Step,
        Epoch = Epoch,
        DatasetSha256 = _datasetSha256,
        Tensors = Model.Export(),
    };

    /// <summary>The model of a checkpoint.</summary>
    /// <exception cref="ModelFormatException">The tensors do not fit the settings.</exception>
    public static SomAttnModel Restore(IBackend backend, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var model = new SomAttnModel(backend, checkpoint.Settings, checkpoint.Side);
        try
        {
            model.Import(checkpoint.Tensors);
            return model;
        }
        catch (ModelFormatException)
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _memory.Dispose();
        _train.Dispose();
        _test.Dispose();
    }

    private void RunEpoch(ITrainingObserver observer, CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        Shuffle.Fill(_settings.Seed, Epoch, _order);
        _orderOnDevice.CopyFrom(_order);
        _table.BeginEpoch(Step);
        double lossSum = 0;
        int told = 0;
        for (int step = 0; step < StepsPerEpoch; step++)
        {
            if (stop.IsCancellationRequested)
            {
                TellLosses(observer, told, step);
                return;
            }

            TakeStep(step);
            if (step + 1 - told == _stepsPerRead || step + 1 == StepsPerEpoch)
            {
                lossSum += TellLosses(observer, told, step + 1);
                told = step + 1;
            }
        }

        observer.OnEpoch(Measure(Step - 1, lossSum / _train.Count, Stopwatch.GetElapsedTime(began).TotalSeconds));
    }

    /// <summary>Images of a step of the epoch; the last may have fewer.</summary>
    private int BatchOf(int step) => Math.Min(_settings.BatchSize, _train.Count - (step * _settings.BatchSize));

    private void TakeStep(int step)
    {
        int batch = BatchOf(step);
        _table.BeginStep(step);
        DeviceView<float> images = _train.Gather(_orderOnDevice.Slice(step * _settings.BatchSize, batch));
        Reconstruction made = Model.Reconstruct(images, batch);
        _loss.Forward(images, made);
        _adam.ZeroGradients();
        _loss.Backward(images, made, batch);
        _adam.Apply(_table.AdamRates);
        if (_settings.SomUpdate == SomUpdateKind.Online)
        {
            Model.Map.UpdateOnline(made.Codes, batch, _table.MapRates);
        }
        else
        {
            Model.Map.UpdateBatch(made.Codes, made.Winners.Bmu, _table.MapRates);
        }

        _table.EndStep(step, _loss.OnDevice);
    }

    /// <summary>Reads the losses of the last steps and tells them to the observer, one step after the other.</summary>
    /// <param name="observer">Is told.</param>
    /// <param name="first">The first of the steps, counted in the epoch from 0.</param>
    /// <param name="end">The step after the last; it would be taken next.</param>
    /// <returns>The sum of the losses, weighted by images.</returns>
    private double TellLosses(ITrainingObserver observer, int first, int end)
    {
        double sum = 0;
        long epochBegan = Step - end;
        int epoch = (int)(epochBegan / StepsPerEpoch) + 1;
        ReadOnlySpan<float> parts = _table.ReadLosses(first, end - first);
        for (int step = first; step < end; step++)
        {
            Losses losses = _loss.Combine(parts.Slice((step - first) * SomAttnLoss.Parts, SomAttnLoss.Parts));
            long steps = epochBegan + step + 1;
            if (!float.IsFinite(losses.Total))
            {
                throw new TrainingDivergedException(steps, losses);
            }

            sum += (double)losses.Total * BatchOf(step);
            observer.OnStep(new StepReport(steps, TotalSteps, epoch, Math.Min((step + 1) * _settings.BatchSize, _train.Count), losses));
        }

        return sum;
    }

    /// <summary>Scores of the test images now.</summary>
    /// <param name="lastStep">The last step taken, from 0, whose rates are told.</param>
    /// <param name="loss">Mean training loss of the epoch; null before the first.</param>
    /// <param name="seconds">Duration of the epoch's training.</param>
    private EpochMetrics Measure(long lastStep, double? loss, double seconds)
    {
        EvaluationResult result = _evaluator.Evaluate(_test, _classes);
        return new EpochMetrics
        {
            Epoch = Epoch,
            MseE = result.MseE,
            MseQ = result.MseQ,
            QuantizationError = result.QuantizationError,
            Te4 = result.Te4,
            Te8 = result.Te8,
            UnitsUsed = result.UnitsUsed,
            Perplexity = result.Perplexity,
            Sigma = _schedule.Sigma(lastStep),
            Eta = _schedule.Eta(lastStep),
            LearningRate = _schedule.LearningRate(lastStep),
            Loss = loss,
            Seconds = seconds,
            ImagesPerSecond = seconds > 0 ? _train.Count / seconds : 0,
        };
    }
}
