using System.Diagnostics;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Benchmarks;

/// <summary>Results of a benchmark: FLOPs counted by hand, statistics of known times, peak FLOP/s as an upper bound.</summary>
public sealed class BenchmarkTests
{
    private const double Millisecond = 1e3;

    [Test]
    public void Step_OfTheDefaultModel_HasTheArithmeticOfItsFormulas()
    {
        const double Encoded = 64;
        const double Decoded = 2 * Encoded;
        double conv1 = Encoded * 14 * 14 * 32 * 3 * 3 * 1;
        double conv2 = Encoded * 7 * 7 * 64 * 3 * 3 * 32;
        double encoderLinear = Encoded * 3136 * 32;
        double tokens = Encoded * 8 * ((4 * 32) + (32 * 96) + (32 * 32) + (32 * 4));
        double attention = Encoded * 8 * 8 * 32 * 2;
        double decoderLinear = Decoded * 32 * 3136;
        double convTranspose1 = Decoded * 7 * 7 * 64 * 4 * 4 * 32;
        double convTranspose2 = Decoded * 14 * 14 * 32 * 4 * 4 * 1;
        double search = Encoded * 144 * 32;

        // Forward, gradient of the input, gradient of the weight; the gradient of the images is not computed.
        double products = (2 * conv1)
            + (3 * (conv2 + encoderLinear + tokens + attention + decoderLinear + convTranspose1 + convTranspose2));

        // On hexagons every sample moves every unit.
        double update = Encoded * 144 * 32;
        double flops = 2 * (products + search + update);

        StepResult step = Measure(new TrainingSettings(), TinyData.Load(64, 5, 28), 1, BenchmarkSection.Step).Step!;

        Assert.That(step.Batch, Is.EqualTo(64));
        Assert.That(step.Arithmetic.Gigaflops, Is.EqualTo(flops / 1e9).Within(1e-9));
        Assert.That(step.Arithmetic.Gigaflops, Is.EqualTo(1.80).Within(0.005));
    }

    [Test]
    public void Operations_OfAStep_AreThoseOfTheModelAndSumUpToIt()
    {
        OperationsResult operations = Measure(
            new TrainingSettings(), TinyData.Load(130, 5, 28), 4, BenchmarkSection.Operations).Operations!;
        string[] Sizes(string operation) => [.. operations.Rows.Where(row => row.Operation == operation).Select(row => row.Sizes)];

        Assert.That(Sizes("Conv2dForward"), Is.EquivalentTo(["64 of 1x28x28 -> 32x14x14", "64 of 32x14x14 -> 64x7x7"]));
        Assert.That(Sizes("Conv2dBackwardInput"), Is.EqualTo(["64 of 32x14x14 -> 64x7x7"]));
        Assert.That(Sizes("ConvTranspose2dForward"), Is.EquivalentTo(["128 of 64x7x7 -> 32x14x14", "128 of 32x14x14 -> 1x28x28"]));
        Assert.That(Sizes("BestMatchingUnits"), Is.EqualTo(["64 of 32, map 12x12"]));
        Assert.That(operations.Rows.Sum(row => row.Arithmetic.Gigaflops), Is.EqualTo(1.80).Within(0.005));

        // Only full batches are counted, and the evaluation between the epochs of two of them is left out.
        Assert.That(operations.Rows.Select(row => row.Sizes), Has.None.StartsWith("2 of").And.None.StartsWith("5 of"));
        Assert.That(operations.Step.Samples, Is.EqualTo(4));
        Assert.That(operations.OutsideMicroseconds, Is.Positive);
        Assert.That(operations.Rows.Sum(row => row.Time.MinMicroseconds), Is.LessThan(operations.Step.MinMicroseconds));
        Assert.That(operations.Rows.Select(row => row.Time.MedianMicroseconds), Is.Ordered.Descending);
    }

    [Test]
    public void Result_OfWhatWasNotAskedFor_IsNull()
    {
        TrainingSettings settings = new() { BatchSize = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

        ThreadResult result = Measure(settings, TinyData.Load(20, 5, 8), 1, BenchmarkSection.Epoch);

        Assert.That(result.Epoch!.Images, Is.EqualTo(20));
        Assert.That(result.Epoch.Steps, Is.EqualTo(3));
        Assert.That(result.Epoch.ImagesPerSecond, Is.EqualTo(20 / result.Epoch.Seconds));
        Assert.That(new object?[] { result.Roof, result.Step, result.Operations, result.Inference, result.Map }, Is.All.Null);
    }

    [Test]
    public void Timing_OfKnownTimes_HasTheirStatistics()
    {
        long[] samples = [.. Enumerable.Range(1, 20).Reverse().Select(Ticks)];

        var timing = Timing.Of([Ticks(100), Ticks(50)], samples);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(timing.Samples, Is.EqualTo(20));
            Assert.That(timing.MedianMicroseconds, Is.EqualTo(10.5 * Millisecond).Within(1e-3));
            Assert.That(timing.MinMicroseconds, Is.EqualTo(1 * Millisecond).Within(1e-3));
            Assert.That(timing.P90Microseconds, Is.EqualTo(18 * Millisecond).Within(1e-3));
            Assert.That(timing.MaxMicroseconds, Is.EqualTo(20 * Millisecond).Within(1e-3));
            Assert.That(timing.FirstMicroseconds, Is.EqualTo(100 * Millisecond).Within(1e-3));
            Assert.That(timing.WarmUpMicroseconds, Is.EqualTo(150 * Millisecond).Within(1e-3));
            Assert.That(timing.WarmUpSamples, Is.EqualTo(2));
            Assert.That(timing.PerSecond(21), Is.EqualTo(2000).Within(1e-3));
        }
    }

    [Test]
    public void Roof_OfThisProcessor_IsNotBelowAMatrixProduct()
    {
        LinearShape shape = new(512, 256, 256);
        Roofline roof = SimdRoofline.Measure(1, 64 << 10);
        using Backend<float> backend = BackendFactory.Create("cpu", 1);
        DeviceView<float> input = Normal(backend, shape.InputLength);
        DeviceView<float> weight = Normal(backend, shape.WeightLength);
        DeviceView<float> output = backend.Allocate<float>(shape.OutputLength).View;
        void Multiply() => backend.LinearForward(input, weight, default, shape, output);
        long[] ticks = [.. Enumerable.Range(0, 100).Select(_ => Measure(Multiply))];

        double product = shape.Flops / (Timing.Of([], ticks).MinMicroseconds * 1e3);

        // Both are the best of many runs, to exclude other programs on the core; 5 % for changes of the processor's clock frequency.
        Assert.That(product, Is.Positive.And.LessThan(1.05 * roof.GigaflopsPerSecond));
        Assert.That(roof.MedianGigaflopsPerSecond, Is.Positive.And.LessThanOrEqualTo(roof.GigaflopsPerSecond));
        Assert.That(roof.VectorBits, Is.EqualTo(SimdBackend.VectorBits));
        Assert.That(roof.Memory.Select(point => point.Bytes), Is.EqualTo([16 << 10, 64 << 10]));
        Assert.That(roof.Memory.Select(point => point.ReadGigabytesPerSecond), Is.All.Positive);
        Assert.That(roof.Memory.Select(point => point.CopyGigabytesPerSecond), Is.All.Positive);
    }

    [TestCase(1, 3)]
    [TestCase(10, 3)]
    [TestCase(39, 3)]
    [TestCase(40, 5)]
    [TestCase(1000, 5)]
    public void Roof_BandwidthOfSomeBytes_IsThatOfTheNextSmallerMemory(long bytes, double expected)
    {
        Roofline roof = new(1, 128, 1, 1, [new MemoryBandwidth(10, 3, 2), new MemoryBandwidth(40, 4, 5)]);

        Assert.That(roof.GigabytesPerSecondOf(bytes), Is.EqualTo(expected));
    }

    private static ThreadResult Measure(TrainingSettings settings, Dataset dataset, int steps, params BenchmarkSection[] sections)
        => Benchmark.Run(new BenchmarkPlan(settings, "cpu", 0, [2], sections.ToHashSet(), steps), dataset, _ => { }).Single();

    private static long Measure(Action action)
    {
        long began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetTimestamp() - began;
    }

    private static DeviceView<float> Normal(Backend<float> backend, int length)
    {
        DeviceView<float> view = backend.Allocate<float>(length).View;
        backend.RandomNormal(new RandomKey(1, RandomPurpose.Check, (uint)length), view);
        return view;
    }

    private static long Ticks(int milliseconds) => milliseconds * Stopwatch.Frequency / 1000;
}
