using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Benchmark of every operation of the training step.</summary>
internal static class OperationBenchmark
{
    /// <summary>Times the operations of several steps.</summary>
    public static OperationsResult Run(
        Backend<float> backend, TrainingSettings settings, Dataset dataset, int warmUp, int steps, Roofline? roof)
    {
        using var profiler = new Profiler(backend, steps, waits: true);
        Timing step = StepSampler.Run(backend, settings, dataset, warmUp, steps, profiler: profiler);
        long[] inside = [.. Enumerable.Range(0, steps).Select(n => profiler.Profiles.Sum(row => row.TicksOfSteps[n]))];
        IEnumerable<OperationResult> rows = from profile in profiler.Profiles
                                            where Calls(profile) > 0
                                            let row = Row(profile, step, roof)
                                            orderby row.Time.MedianMicroseconds descending
                                            select row;
        return new OperationsResult(step, step.MedianMicroseconds - Timing.Of([], inside).MedianMicroseconds, [.. rows]);
    }

    /// <summary>Counts the FLOPs of the model's formulas and the kernel launches of one full step; no kernels, no launches: null.</summary>
    public static (long Flops, long? Launches) CountStep(Backend<float> backend, TrainingSettings settings, Dataset dataset)
    {
        using var profiler = new Profiler(backend, 1);
        StepSampler.Run(backend, settings, dataset, warmUp: 0, steps: 1, profiler: profiler);
        long flops = profiler.Profiles.Sum(profile => profile.Flops * Calls(profile));
        long? launches = backend.Counters is null ? null : profiler.Profiles.Sum(profile => profile.Launches * Calls(profile));
        return (flops, launches);
    }

    private static OperationResult Row(OperationProfile profile, Timing step, Roofline? roof)
    {
        int calls = Calls(profile);
        Timing time = Timing.Of([], profile.TicksOfSteps);
        long bytes = profile.Bytes * calls;
        double gigabytesPerSecond = bytes / (time.MedianMicroseconds * 1e3);
        return new OperationResult(
            profile.Operation, profile.Sizes, calls, profile.Launches * calls, time, time.MedianMicroseconds / step.MedianMicroseconds,
            ArithmeticSpeed.Of(profile.Flops * (double)calls, time.MedianMicroseconds, roof),
            bytes / 1e6, gigabytesPerSecond, gigabytesPerSecond / roof?.GigabytesPerSecondOf(profile.Bytes));
    }

    /// <summary>Returns the calls in the last step; every full step has the same number.</summary>
    private static int Calls(OperationProfile profile) => profile.CallsOfSteps[^1];
}
