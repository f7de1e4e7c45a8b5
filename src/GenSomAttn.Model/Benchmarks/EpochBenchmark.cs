using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Benchmark of one epoch of the unmodified training loop.</summary>
internal static class EpochBenchmark
{
    /// <summary>Trains for one epoch.</summary>
    public static EpochResult Run(Backend<float> backend, TrainingSettings settings, Dataset dataset)
    {
        using var trainer = new Trainer(backend, settings with { Epochs = 1 }, dataset);
        var watch = new Watch();
        trainer.Run(watch, CancellationToken.None);
        double seconds = watch.Last!.Seconds;
        return new EpochResult(
            dataset.Train.Count, trainer.StepsPerEpoch, seconds, dataset.Train.Count / seconds, watch.FirstStep.TotalMicroseconds);
    }

    private sealed class Watch : ITrainingObserver
    {
        private long _began;

        public TimeSpan FirstStep { get; private set; }

        public EpochMetrics? Last { get; private set; }

        public void OnStep(StepReport report)
        {
            if (report.Step == 1)
            {
                FirstStep = Stopwatch.GetElapsedTime(_began);
            }
        }

        public void OnEpoch(EpochMetrics metrics)
        {
            Last = metrics;
            _began = Stopwatch.GetTimestamp();
        }
    }
}
