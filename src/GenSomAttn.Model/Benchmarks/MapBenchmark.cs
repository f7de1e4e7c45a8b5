using GenSomAttn.Backends;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Measures the map alone, with vectors from N(0, 1).</summary>
internal static class MapBenchmark
{
    /// <summary>Vectors of a training step, and of a whole training set.</summary>
    private static readonly int[] Vectors = [64, 60_000];

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.3);

    /// <summary>Search and batch update, for each number of vectors.</summary>
    public static IReadOnlyList<MapResult> Run(IBackend backend, TrainingSettings settings, ProcessorRoof? roof) =>
    [
        .. Vectors.SelectMany(vectors => Measure(
            backend, new SomShape(vectors, settings.MapHeight, settings.MapWidth, settings.Latent), settings.Seed, roof)),
    ];

    private static MapResult[] Measure(IBackend backend, SomShape shape, ulong seed, ProcessorRoof? roof)
    {
        const double Eta = 0.05;
        const double Sigma = 1;
        using var memory = new DeviceMemory(backend);
        var map = new SelfOrganizingMap(backend, memory, shape);
        map.Initialize(seed);
        DeviceView<float> vectors = memory.Take<float>(shape.InputLength);
        backend.RandomNormal(new RandomKey(seed, RandomPurpose.Check, 0), vectors);
        Winners winners = map.FindWinners(vectors, shape.Samples);
        Timing search = Timing.Measure(Duration, () => map.FindWinners(vectors, shape.Samples));
        Timing update = Timing.Measure(Duration, () => map.UpdateBatch(vectors, winners.Bmu, Eta, Sigma));
        return [Result("search", search, shape.SearchFlops), Result("update", update, shape.BatchUpdateFlops)];

        MapResult Result(string work, Timing time, long flops) => new(
            work, shape.Samples, shape.Dimension, shape.Units, time, ArithmeticSpeed.Of(flops, time.MedianMicroseconds, roof));
    }
}
