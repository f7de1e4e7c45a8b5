using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Benchmarks;

/// <summary>The profiler changes nothing and counts right.</summary>
public sealed class ProfilerTests
{
    [Test]
    public void Training_ThroughTheProfiler_GivesTheSameBits()
    {
        TrainingSettings settings = new() { Epochs = 2, BatchSize = 16, Latent = 8, MapHeight = 3, MapWidth = 4 };
        using Backend<float> plain = AllBackends.Create("cpu");
        using Backend<float> profiled = AllBackends.Create("cpu");
        using Profiler profiler = new(profiled, 1);
        float[] Train(Backend<float> backend)
        {
            using Trainer trainer = new(backend, settings, TinyData.Load(40, 5, 8));
            trainer.Run(new TrainingLog(), default);
            return [.. trainer.Model.Parameters.Values.ToArray(), .. trainer.Model.Map!.Codebook.ToArray()];
        }

        Compare.SameBits("parameters and codebook", Train(profiled), Train(plain));
        Assert.That(profiler.Profiles, Has.Count.GreaterThan(30));
    }

    [Test]
    public void Steps_WithCallsBetweenThem_CountTheirOwnAlone()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Profiler profiler = new(backend, 2);
        using DeviceBuffer<float> small = backend.Allocate<float>(3);
        using DeviceBuffer<float> large = backend.Allocate<float>(33);
        backend.Fill(1, small.View);
        profiler.BeginStep();
        backend.Fill(1, small.View);
        backend.Fill(2, small.View);
        backend.Add(small.View, small.View, small.View);
        profiler.EndStep();
        backend.Fill(3, large.View);
        profiler.EndStep();

        static string Describe(OperationProfile row) => $"{row.Operation} {row.Sizes}: {string.Join(' ', row.CallsOfSteps.ToArray())}";

        Assert.That(profiler.Profiles.Select(Describe), Is.EqualTo(["Fill 3: 2 0", "Add 3: 1 0", "Fill 33: 0 1"]));
        Assert.That(profiler.Profiles.Select(row => row.TicksOfSteps[0] > 0), Is.EqualTo([true, true, false]));
        Assert.That(profiler.Profiles.Select(row => row.Bytes), Is.EqualTo([12, 36, 132]));
        Assert.That(profiler.EndStep, Throws.InvalidOperationException);
    }

    [Test]
    public void Shapes_OfTheTwoConvolutions_AreCountedAsTheSameProducts()
    {
        // A transposed convolution does what the gradient of the convolution with swapped sizes does, and so as much.
        Conv2dShape conv = new(3, 14, 14, 5, 7, 4, 4, 2, 1);
        ConvTranspose2dShape transposed = new(3, 7, 7, 7, 5, 4, 4, 2, 1, 0);

        Assert.That(conv.Flops, Is.EqualTo(2L * 3 * 7 * 7 * 7 * 4 * 4 * 5));
        Assert.That(transposed.Flops, Is.EqualTo(conv.Flops));
        Assert.That(new SomShape(10, 2, 3, 5).BatchUpdateFlops, Is.EqualTo(2 * 5 * 6 * 5));
        Assert.That(new SomShape(4, 2, 3, 5).BatchUpdateFlops, Is.EqualTo(2 * 4 * 6 * 5));

        // Beyond 2^31 operations.
        Assert.That(new LinearShape(60_000, 3136, 32).Flops, Is.EqualTo(12_042_240_000));
    }
}
