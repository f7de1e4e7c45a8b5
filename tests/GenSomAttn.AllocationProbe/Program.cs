using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.AllocationProbe;

/// <summary>
/// Trains on a data folder and prints one line for each step: batch size, then bytes allocated by all threads since the previous step.
/// </summary>
internal static class Program
{
    /// <param name="arguments">Accelerator, threads, data folder, rule of the map update, form of attention, and "profiled" to time every
    /// operation.</param>
    private static void Main(string[] arguments)
    {
        using Backend<float> backend = BackendFactory.Create(arguments[0], int.Parse(arguments[1], CultureInfo.InvariantCulture));
        TrainingSettings settings = new()
        {
            Epochs = 3,
            SomUpdate = Enum.Parse<SomUpdateKind>(arguments[3]),
            Attention = Enum.Parse<AttentionKind>(arguments[4]),
        };
        Dataset dataset = Dataset.Load(arguments[2]);
        using Profiler? profiler = arguments.Contains("profiled") ? new Profiler(backend, 1) : null;
        using Trainer trainer = new(backend, settings, dataset);
        Meter meter = new(trainer.TotalSteps);
        trainer.Run(meter, default);
        meter.Print();
    }

    /// <summary>Observer that records the count of allocated bytes at each step in preallocated arrays.</summary>
    private sealed class Meter(long steps) : ITrainingObserver
    {
        private readonly int[] _batches = new int[steps];
        private readonly long[] _allocated = new long[steps];
        private int _seen;
        private long _last;

        public void OnStep(StepReport report)
        {
            long step = report.Step - 1;
            _batches[step] = report.ImagesSeen - _seen;
            _allocated[step] = GC.GetTotalAllocatedBytes(precise: true) - _last;
            _seen = report.ImagesSeen;
            _last = GC.GetTotalAllocatedBytes(precise: true);
        }

        public void OnEpoch(EpochMetrics metrics)
        {
            // The evaluation and its metrics are not part of a step.
            _seen = 0;
            _last = GC.GetTotalAllocatedBytes(precise: true);
        }

        public void Print()
        {
            for (int step = 0; step < _batches.Length; step++)
            {
                Console.WriteLine($"{_batches[step]} {_allocated[step]}");
            }
        }
    }
}
