using GenSomAttn.Backends;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Engine;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Scaling benchmark: cost against sizes, on random images.</summary>
public sealed class Sweep
{
    private const int Side = 28;
    private const int StepsPerEpoch = 8;
    private const int MaxSteps = 200;

    private readonly Backend<float> _backend;
    private readonly TrainingSettings _settings;
    private readonly SweepPlan _plan;
    private readonly Roofline? _roof;
    private readonly Action<string> _progress;

    private Sweep(Backend<float> backend, TrainingSettings settings, SweepPlan plan, Roofline? roof, Action<string> progress)
    {
        _backend = backend;
        _settings = settings;
        _plan = plan;
        _roof = roof;
        _progress = progress;
    }

    /// <summary>Measures the requested curves.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="threads">Its number of threads.</param>
    /// <param name="settings">The model; each curve varies one of its sizes.</param>
    /// <param name="plan">Sizes.</param>
    /// <param name="kinds">Curves to measure.</param>
    /// <param name="progress">Called with the name of each part before it runs.</param>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public static SweepResult Run(
        Backend<float> backend, int threads, TrainingSettings settings, SweepPlan plan, IReadOnlySet<SweepKind> kinds,
        Action<string> progress)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(progress);
        progress("roofline");
        Roofline? roof = backend.Name == SimdBackend.Name ? SimdRoofline.Measure(threads) : null;
        var sweep = new Sweep(backend, settings, plan, roof, progress);
        SweepSeries[] series = [.. Enum.GetValues<SweepKind>().Where(kinds.Contains).SelectMany(sweep.Measure)];
        LargeMapResult[] large = kinds.Contains(SweepKind.Large) ? sweep.MeasureLargeMap() : [];
        return new SweepResult(threads, backend.Description, roof, series, large, plan);
    }

    private SweepSeries[] Measure(SweepKind kind) => kind switch
    {
        SweepKind.Batch => BatchSize(),
        SweepKind.Latent => LatentSize(),
        SweepKind.Units => MapSize(),
        SweepKind.Side => ImageSide(),
        _ => [],
    };

    private SweepSeries[] BatchSize()
    {
        const string Reason = "every product has as many rows as the batch has images";
        return
        [
            Curve(SweepKind.Batch, "training step", Reason, _plan.Batches, batch => batch, batch => Step(With(batch), Side)),
            Curve(SweepKind.Batch, "inference", Reason, _plan.Batches, batch => batch, batch => Inference(With(batch), Side)),
        ];

        TrainingSettings With(int batch) => _settings with { BatchSize = batch };
    }

    private SweepSeries[] LatentSize() =>
    [
        Curve(
            SweepKind.Latent, "training step", "only the layers next to the latent vector and the map grow with it", _plan.Latents,
            latent => latent, latent => Step(_settings with { Latent = latent }, Side)),
        Curve(
            SweepKind.Latent, $"map search of {_plan.MapVectors}", "a product for each element of a vector", _plan.Latents,
            latent => latent, latent => Map(_settings.MapHeight, _settings.MapWidth, latent, MapWork.Search)),
    ];

    private SweepSeries[] MapSize() =>
    [
        Curve(
            SweepKind.Units, "training step", "only search and update grow with the map", _plan.MapSides,
            side => side * side, side => Step(_settings with { MapHeight = side, MapWidth = side }, Side)),
        Curve(
            SweepKind.Units, $"map search of {_plan.MapVectors}", "a product for each unit", _plan.MapSides,
            side => side * side, side => Map(side, side, _settings.Latent, MapWork.Search)),
        Curve(
            SweepKind.Units, $"map update of {_plan.MapVectors}", "each unit sums over a row and a column of units", _plan.MapSides,
            side => side * side, side => Map(side, side, _settings.Latent, MapWork.Update)),
    ];

    private SweepSeries[] ImageSide()
    {
        const string Reason = "pixels grow with the square of the side, features with that of the side after the last stage";
        return
        [
            Curve(SweepKind.Side, "training step", Reason, _plan.ImageSides, side => side, side => Step(_settings, side)),
            Curve(SweepKind.Side, "inference", Reason, _plan.ImageSides, side => side, side => Inference(_settings, side)),
        ];
    }

    private SweepSeries Curve(
        SweepKind kind, string quantity, string reason, IReadOnlyList<int> sizes, Func<int, double> value, Func<int, Measured> measure)
    {
        return new SweepSeries(kind, quantity, reason, [.. sizes.Select(Point)]);

        SweepPoint Point(int size)
        {
            _progress($"{quantity}, {kind.ToString().ToLowerInvariant()} {value(size)}");
            Measured measured = measure(size);
            return new SweepPoint(value(size), measured.Time, measured.Arithmetic);
        }
    }

    private Measured Step(TrainingSettings settings, int side)
    {
        Dataset images = SyntheticImages.Create(StepsPerEpoch * settings.BatchSize, Shape(side));
        long flops = OperationBenchmark.CountStep(_backend, settings, images).Flops;
        Timing time = StepSampler.Run(_backend, settings, images, warmUp: 2, MaxSteps, _plan.Duration);
        return new Measured(time, ArithmeticSpeed.Of(flops, time.MedianMicroseconds, _roof));
    }

    private ImageShape Shape(int side) => new(side, _settings.Channels ?? ImageShape.Gray);

    /// <summary>Measures inference from images to the decoded codebook vectors of their BMUs.</summary>
    private Measured Inference(TrainingSettings settings, int side)
    {
        ImageSet images = SyntheticImages.Create(settings.BatchSize, Shape(side)).Train;
        InferenceResult result = InferenceBenchmark.Measure(
            _backend, settings, images, InferencePath.EncodeSearchDecode, _plan.Duration, _roof);
        return new Measured(result.Time, result.Arithmetic);
    }

    private Measured Map(int height, int width, int dimension, MapWork work)
        => Map(new SomShape(_plan.MapVectors, height, width, dimension), work);

    private Measured Map(SomShape shape, MapWork work)
    {
        MapResult result = MapBenchmark.Measure(_backend, shape, work, Sigma(shape), _plan.Duration, _roof);
        return new Measured(result.Time, result.Arithmetic);
    }

    /// <summary>Returns the neighborhood width σ: a third of the map's longer side, the default σ at the start of a training.</summary>
    private static double Sigma(SomShape shape) => Math.Max(shape.MapHeight, shape.MapWidth) / 3.0;

    private LargeMapResult[] MeasureLargeMap()
    {
        LargeMap large = _plan.Large;
        var shape = new SomShape(large.TimedVectors, large.Side, large.Side, large.Dimension);
        double scale = (double)large.Vectors / large.TimedVectors;
        return
        [
            Result("search", () => Map(shape, MapWork.Search), isByVector: true),
            Result("update", () => Map(shape, MapWork.Update), isByVector: false),
            Result("product", () => Product(new LinearShape(shape.Samples, shape.Dimension, shape.Units)), isByVector: true),
        ];

        LargeMapResult Result(string work, Func<Measured> measure, bool isByVector)
        {
            _progress($"large map, {work}");
            Measured measured = measure();
            double? all = isByVector ? scale * measured.Time.MedianMicroseconds / 1e6 : null;
            return new LargeMapResult(work, measured.Time, measured.Arithmetic, all);
        }
    }

    private Measured Product(LinearShape shape)
    {
        using var memory = new DeviceMemory(_backend);
        DeviceView<float> left = memory.Take<float>(shape.InputLength);
        DeviceView<float> right = memory.Take<float>(shape.WeightLength);
        DeviceView<float> result = memory.Take<float>(shape.OutputLength);
        _backend.RandomNormal(new RandomKey(1, RandomPurpose.Check, 0), left);
        _backend.RandomNormal(new RandomKey(1, RandomPurpose.Check, 1), right);
        Timing time = Timing.Measure(_plan.Duration, () => _backend.LinearForward(left, right, default, shape, result));
        return new Measured(time, ArithmeticSpeed.Of(shape.Flops, time.MedianMicroseconds, _roof));
    }

    /// <summary>A time and its arithmetic throughput.</summary>
    private readonly record struct Measured(Timing Time, ArithmeticSpeed Arithmetic);
}
