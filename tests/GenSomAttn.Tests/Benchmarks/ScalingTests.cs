using GenSomAttn.Backends;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Benchmarks;

/// <summary>The simulation of many ranks: its formula by hand, and its measurements on a small model.</summary>
public sealed class ScalingTests
{
    [Test]
    public void Simulate_KnownTimes_FollowsTheFormula()
    {
        // Shard 8 ms, update 1 ms, sum 0.5 ms, 1 MB of gradients, 1 KB a rank; 1 Gbit/s is 125,000 bytes a millisecond.
        var measured = new ScalingResult(1, 64, 8, 1, 0.5, 1_000_000, 1000, []);
        ScalingPoint[] points = [.. Scaling.Simulate(measured, new ScalingNetwork("slow", 1, 50))];

        Assert.That(points.Select(point => point.Ranks), Is.EqualTo([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]));
        Assert.That(points[0].StepMilliseconds, Is.EqualTo(9).Within(1e-9));
        Assert.That(points[0].Efficiency, Is.EqualTo(1).Within(1e-9));

        // Four ranks: 4 messages of 0.05 ms, and 2 · 3/4 · 1,004,000 bytes.
        Assert.That(points[2].StepMilliseconds, Is.EqualTo(9 + 0.5 + 0.2 + (1.5 * 1_004_000 / 125_000)).Within(1e-9));
        Assert.That(points[2].ImagesPerSecond, Is.EqualTo(4 * 64 / points[2].StepMilliseconds * 1000).Within(1e-6));
    }

    [Test]
    public void Run_SmallModel_MeasuresAllParts()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        TrainingSettings settings = new() { BatchSize = 4, ImageSize = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

        ScalingResult result = Scaling.Run(backend, 1, settings, _ => { });

        Assert.That(result.SumMilliseconds, Is.Positive);
        Assert.That(result.GradientBytes, Is.GreaterThan(100_000));

        // Three losses, the question to stop, and nine values an image: a code of 8 and its BMU.
        Assert.That(result.SlotBytes, Is.EqualTo(4 * (3 + 1 + (4 * 9))));
        Assert.That(result.Points, Has.Count.EqualTo(11 * Scaling.Networks.Count));
    }
}
