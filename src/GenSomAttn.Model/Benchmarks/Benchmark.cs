using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Benchmark of training and inference, with the processor's roofline (peak FLOP/s, peak bandwidth).</summary>
public static class Benchmark
{
    private const int WarmUpShare = 10;

    /// <summary>Measures the sections of a plan.</summary>
    /// <param name="plan">Sections, settings and hardware.</param>
    /// <param name="dataset">Training images; one test image is enough.</param>
    /// <param name="progress">Called with the name of each part before it runs.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    /// <exception cref="AcceleratorUnavailableException">The accelerator is unavailable.</exception>
    public static IReadOnlyList<ThreadResult> Run(BenchmarkPlan plan, Dataset dataset, Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(progress);
        Dataset timed = dataset.WithFewerTestImages(1);
        return [.. plan.ThreadCounts.Select(threads => Run(plan, timed, threads, progress))];
    }

    private static ThreadResult Run(BenchmarkPlan plan, Dataset dataset, int threads, Action<string> progress)
    {
        using Backend<float> backend = BackendFactory.Create(plan.Accelerator, threads, plan.Device);
        var result = new ThreadResult(threads, backend.Description);
        int warmUp = Math.Max(1, plan.Steps / WarmUpShare);
        bool isLast = threads == plan.ThreadCounts[^1];
        if (Wants(BenchmarkSection.Roof) && backend.Name == SimdBackend.Name)
        {
            result = result with { Roof = SimdRoofline.Measure(threads) };
        }

        if (Wants(BenchmarkSection.Step))
        {
            result = result with { Step = MeasureStep(backend, plan, dataset, warmUp, result.Roof) };
        }

        if (Wants(BenchmarkSection.Operations))
        {
            result = result with
            {
                Operations = OperationBenchmark.Run(backend, plan.Settings, dataset, warmUp, plan.Steps, result.Roof),
            };
        }

        if (Wants(BenchmarkSection.Inference))
        {
            result = result with { Inference = InferenceBenchmark.Run(backend, plan.Settings, dataset.Train, result.Roof) };
        }

        if (Wants(BenchmarkSection.Locate))
        {
            result = result with { Locate = LocateBenchmark.Run(backend, plan.Settings, dataset.Train) };
        }

        if (Wants(BenchmarkSection.Map))
        {
            result = result with { Map = MapBenchmark.Run(backend, plan.Settings, result.Roof) };
        }

        if (isLast && Wants(BenchmarkSection.Epoch))
        {
            result = result with { Epoch = EpochBenchmark.Run(backend, plan.Settings, dataset) };
        }

        return result;

        bool Wants(BenchmarkSection section)
        {
            bool isWanted = plan.Sections.Contains(section);
            if (isWanted)
            {
                progress($"{section.ToString().ToLowerInvariant()}, {threads} {(threads == 1 ? "thread" : "threads")}");
            }

            return isWanted;
        }
    }

    private static StepResult MeasureStep(Backend<float> backend, BenchmarkPlan plan, Dataset dataset, int warmUp, Roofline? roof)
    {
        int batch = StepSampler.FullBatch(plan.Settings, dataset);
        Timing time = StepSampler.Run(backend, plan.Settings, dataset, warmUp, plan.Steps);
        (long flops, long? launches) = OperationBenchmark.CountStep(backend, plan.Settings, dataset);
        return new StepResult(batch, time, time.PerSecond(batch), ArithmeticSpeed.Of(flops, time.MedianMicroseconds, roof), launches);
    }
}
