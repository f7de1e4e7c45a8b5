using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>Device traffic of a training: launches, and copies to and from the host.</summary>
public sealed class DeviceTrafficTests
{
    private const int StepsPerRead = 2;

    /// <summary>Three losses of a step, each a float.</summary>
    private const int BytesOfLosses = 3 * sizeof(float);

    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 2,
        BatchSize = 2,
        Latent = 8,
        MapHeight = 2,
        MapWidth = 3,
    };

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Devices))]
    public void Training_BetweenTwoReadingsOfLosses_CrossesTheBusWithNothingElse(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);

        // Steps of 2, and a last one of 1: losses are read after 2, 4 and 5 steps of each epoch.
        using Trainer trainer = new(backend, Settings, TinyData.Load(9, 2, 8), StepsPerRead);
        DeviceCounters Now() => backend.Counters!.Value;
        DeviceCounters last = default;
        Dictionary<long, DeviceCounters> readings = [];
        TrainingLog log = new()
        {
            Stepped = report =>
            {
                readings[report.Step] = Difference(Now(), last);
                last = Now();
            },
        };

        trainer.Run(log, default);

        Assert.That(log.Steps, Has.Count.EqualTo(10));
        foreach ((int first, int count) in new[] { (3, 2), (5, 1), (8, 2), (10, 1) })
        {
            DeviceCounters reading = readings[first];
            Assert.That(reading.Launches, Is.GreaterThan(40 * count), $"step {first}");
            Assert.That(reading with { Launches = 0 }, Is.EqualTo(new DeviceCounters(0, 0, count * BytesOfLosses, 0)), $"step {first}");

            // The other steps of the reading are reported together with it: they ran before it.
            Assert.That(Enumerable.Range(first + 1, count - 1).Select(step => readings[step]), Is.All.EqualTo(default(DeviceCounters)));
        }

        // Before the second epoch its order and rates are copied to the device; the evaluation after the first copies its scores to the
        // host.
        Assert.That(readings[6].BytesToDevice, Is.Positive);
        Assert.That(readings[6].Allocations, Is.Zero, "An epoch takes no memory.");
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Devices))]
    public void Training_EveryOperationOfAStep_LaunchesKernels(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using Profiler profiler = new(backend, 1);
        using Trainer trainer = new(backend, Settings with { Epochs = 1 }, TinyData.Load(2, 2, 8));

        trainer.Run(new TrainingLog(), default);
        profiler.EndStep();

        Assert.That(profiler.Profiles, Has.Count.GreaterThan(30));
        Assert.That(profiler.Profiles.Where(row => row.Launches is not > 0).Select(row => $"{row.Operation} {row.Sizes}"), Is.Empty);
        long? launches = profiler.Profiles.Sum(row => row.Launches * row.CallsOfSteps[0]);
        Assert.That(launches, Is.LessThanOrEqualTo(backend.Counters!.Value.Launches));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastDevices))]
    public void Benchmark_OfAStep_CountsItsLaunches(string accelerator)
    {
        ThreadResult result = MeasureSteps(accelerator);

        Assert.That(result.Step!.Launches, Is.GreaterThan(40));
        Assert.That(result.Operations!.Launches, Is.EqualTo(result.Step.Launches));
        Assert.That(result.Operations.Rows.Select(row => row.LaunchesPerStep), Is.All.Positive);
    }

    [Test]
    public void Benchmark_OnTheHost_CountsNoLaunches()
    {
        ThreadResult result = MeasureSteps("cpu");

        Assert.That(result.Step!.Launches, Is.Null);
        Assert.That(result.Operations!.Launches, Is.Null);
    }

    private static ThreadResult MeasureSteps(string accelerator)
    {
        HashSet<BenchmarkSection> sections = [BenchmarkSection.Step, BenchmarkSection.Operations];
        BenchmarkPlan plan = new(Settings, accelerator, 0, [1], sections, 2);
        return Benchmark.Run(plan, TinyData.Load(8, 2, 8), _ => { }).Single();
    }

    private static DeviceCounters Difference(DeviceCounters now, DeviceCounters before) => new(
        now.Launches - before.Launches, now.BytesToDevice - before.BytesToDevice, now.BytesToHost - before.BytesToHost,
        now.Allocations - before.Allocations);
}
