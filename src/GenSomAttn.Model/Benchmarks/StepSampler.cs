using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Observer that times the steps of a training and stops it after enough samples.</summary>
internal sealed class StepSampler : ITrainingObserver
{
    private const int FewestSamples = 3;

    private readonly int _batch;
    private readonly long[] _warmUp;
    private readonly long[] _samples;
    private readonly Profiler? _profiler;
    private readonly CancellationTokenSource _enough;
    private readonly long _duration;
    private int _count;
    private long _firstSample = Stopwatch.GetTimestamp();
    private int _seen;
    private long _last;

    private StepSampler(int batch, int warmUp, int steps, TimeSpan duration, Profiler? profiler, CancellationTokenSource enough)
    {
        _batch = batch;
        _warmUp = new long[warmUp];
        _samples = new long[steps];
        _duration = (long)(duration.TotalSeconds * Stopwatch.Frequency);
        _profiler = profiler;
        _enough = enough;
    }

    /// <summary>Trains for a number of steps and times each full one; the smaller last batch of an epoch is left out.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">The training.</param>
    /// <param name="dataset">Its images.</param>
    /// <param name="warmUp">Warm-up steps.</param>
    /// <param name="steps">Timed steps.</param>
    /// <param name="profiler">Keeps the timed steps, if it is attached to the backend.</param>
    /// <param name="duration">Time limit, after which three steps are enough; null for all steps without a limit.</param>
    public static Timing Run(
        Backend<float> backend, TrainingSettings settings, Dataset dataset, int warmUp, int steps, TimeSpan? duration = null,
        Profiler? profiler = null)
    {
        int batch = FullBatch(settings, dataset);
        int epochs = ((warmUp + steps) / (dataset.Train.Count / batch)) + 1;
        using var enough = new CancellationTokenSource();
        var sampler = new StepSampler(batch, warmUp, steps, duration ?? TimeSpan.FromDays(1), profiler, enough);

        // The observer sees a step when its loss is read, so the loss is read after each step.
        using var trainer = new Trainer(backend, settings with { Epochs = Math.Max(epochs, settings.Epochs) }, dataset, stepsPerRead: 1);
        trainer.Run(sampler, enough.Token);
        return Timing.Of(sampler._warmUp, sampler._samples.AsSpan(0, sampler._count - warmUp));
    }

    /// <summary>Returns the images of a full step: the batch size, or all images of a smaller data set.</summary>
    public static int FullBatch(TrainingSettings settings, Dataset dataset) => Math.Min(settings.BatchSize, dataset.Train.Count);

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        long ticks = Stopwatch.GetTimestamp() - _last;
        if (report.ImagesSeen - _seen == _batch)
        {
            Keep(ticks);
        }

        _seen = report.ImagesSeen;
        BeginStep();
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
        // Excludes the evaluation, which ran before this call, from the next step.
        _seen = 0;
        BeginStep();
    }

    private void Keep(long ticks)
    {
        int sample = _count - _warmUp.Length;
        if (sample < 0)
        {
            _warmUp[_count] = ticks;
        }
        else
        {
            _samples[sample] = ticks;
            _profiler?.EndStep();
        }

        _count++;
        int samples = _count - _warmUp.Length;
        if (samples == 0)
        {
            _firstSample = Stopwatch.GetTimestamp();
        }

        bool isLongEnough = samples >= FewestSamples && Stopwatch.GetTimestamp() - _firstSample > _duration;
        if (samples == _samples.Length || isLongEnough)
        {
            _enough.Cancel();
        }
    }

    private void BeginStep()
    {
        _profiler?.BeginStep();
        _last = Stopwatch.GetTimestamp();
    }
}
