using GenSomAttn.Backends;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Benchmark of the map alone, with vectors from N(0, 1).</summary>
internal static class MapBenchmark
{
    private const double Sigma = 1;

    /// <summary>Vectors of a training step, and of a whole training set.</summary>
    private static readonly int[] Vectors = [64, 60_000];

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.3);

    /// <summary>Measures BMU search and batch update for each number of vectors.</summary>
    public static IReadOnlyList<MapResult> Run(Backend<float> backend, TrainingSettings settings, Roofline? roof) =>
    [
        .. from vectors in Vectors
           let shape = settings.ToSomShape(vectors, settings.Latent)
           from work in Enum.GetValues<MapWork>()
           select Measure(backend, shape, work, Sigma, Duration, roof),
    ];

    /// <summary>Measures one operation at one set of sizes.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="work">Operation.</param>
    /// <param name="sigma">Neighborhood width σ, in grid cells.</param>
    /// <param name="duration">Minimum duration of the measurement.</param>
    /// <param name="roof">Roofline; null if it was not measured.</param>
    public static MapResult Measure(
        Backend<float> backend, SomShape shape, MapWork work, double sigma, TimeSpan duration, Roofline? roof)
    {
        const int Seed = 1;
        const float Eta = 0.05f;
        using var memory = new DeviceMemory(backend);
        var map = new SelfOrganizingMap(backend, memory, shape);
        map.Initialize(Seed);
        DeviceView<float> vectors = memory.Take<float>(shape.InputLength);
        backend.RandomNormal(new RandomKey(Seed, RandomPurpose.Check, 0), vectors);
        DeviceView<float> rates = memory.Take<float>(2);
        rates.CopyFrom([Eta, (float)sigma]);
        Winners winners = map.FindWinners(vectors, shape.Samples);
        Timing time = work == MapWork.Search
            ? Timing.Measure(duration, () => map.FindWinners(vectors, shape.Samples))
            : Timing.Measure(duration, () => map.UpdateBatch(vectors, winners.Bmu, rates));
        long flops = work == MapWork.Search ? shape.SearchFlops : shape.BatchUpdateFlops;
        return new MapResult(
            work, shape.Samples, shape.Dimension, shape.Units, time, ArithmeticSpeed.Of(flops, time.MedianMicroseconds, roof));
    }
}
