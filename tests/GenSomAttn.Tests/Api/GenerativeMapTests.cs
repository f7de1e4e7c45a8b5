using System.Reflection;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using NUnit.Framework;

namespace GenSomAttn.Tests.Api;

/// <summary>The library: what it computes, its documented exceptions, and that it frees what it allocates.</summary>
public sealed class GenerativeMapTests
{
    private const int Side = 8, Count = 40, ImageLength = Side * Side;

    private static readonly TrainOptions Small = new()
    {
        Epochs = 3,
        BatchSize = 16,
        Rows = 3,
        Columns = 4,
        CodeLength = 8,
        Compute = new Compute("cpu", Threads: 2),
    };

    private static Images Spots { get; } = new(Pixels(), Side);

    [Test]
    public async Task TrainAsync_OnAnArray_GivesAModelOfTheOptions()
    {
        var reports = new Reports();
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small with { TestImages = Spots }, reports);

        Assert.That((map.Rows, map.Columns, map.Side, map.Channels, map.CodeLength), Is.EqualTo((3, 4, Side, 1, 8)));
        Assert.That((map.Stopped, map.HasDensity, map.Accelerator), Is.EqualTo((false, true, "cpu")));
        Assert.That(map.Steps, Is.EqualTo(Small.Epochs * 3), "40 images in batches of 16 are 3 steps");
        Assert.That(reports.All.Select(report => (report.Epoch, report.Epochs)), Is.EqualTo(new[] { (1, 3), (2, 3), (3, 3) }));
        Assert.That(reports.All[2].Loss, Is.LessThan(reports.All[0].Loss));
        Assert.That(reports.All, Has.All.Property(nameof(EpochReport.MseE)).InRange(1e-6, 1));
        Assert.That(reports.All, Has.All.Property(nameof(EpochReport.TopographicError)).InRange(0, 1));
    }

    [Test]
    public async Task Methods_OfATrainedModel_AgreeWithEachOther()
    {
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small);
        float[] pixels = Spots.ToArray();
        float[] codes = map.Encode(pixels);
        float[] codebook = map.Codebook();
        MapPlace[] places = map.Locate(pixels);

        Assert.That(codes, Has.Length.EqualTo(Count * map.CodeLength));
        Assert.That(map.Decode(codes), Has.Length.EqualTo(pixels.Length));
        for (int n = 0; n < Count; n++)
        {
            double[] distances = [.. Enumerable.Range(0, map.Rows * map.Columns).Select(unit => Distance(codes, n, codebook, unit))];
            int unit = (places[n].Row * map.Columns) + places[n].Column;
            Assert.That(places[n].Distance, Is.EqualTo(distances[unit]).Within(1e-4), "sums of 8 squares in float");
            Assert.That(distances[unit], Is.EqualTo(distances.Min()).Within(1e-4));
        }
    }

    [Test]
    public async Task Generate_OfASeed_GivesTheSameImages()
    {
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small);

        float[] images = map.Generate(5, seed: 3);
        Assert.That(images, Has.Length.EqualTo(5 * ImageLength).And.All.InRange(0f, 1f));
        Assert.That(map.Generate(5, seed: 3), Is.EqualTo(images));
        Assert.That(map.Generate(5, seed: 4), Is.Not.EqualTo(images));
    }

    [Test]
    public async Task Load_OfASavedModel_ComputesTheSame()
    {
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small);
        using MemoryStream stream = new();
        map.Save(stream);
        stream.Position = 0;
        using var loaded = GenerativeMap.Load(stream, Small.Compute);

        Assert.That(loaded.Encode(Spots.ToArray()), Is.EqualTo(map.Encode(Spots.ToArray())));
        Assert.That(loaded.HasDensity, Is.False);
        Assert.That(loaded.Generate(2, 1), Is.Not.EqualTo(map.Generate(2, 1)));
        loaded.FitDensity(Spots);
        Assert.That(loaded.Generate(2, 1), Is.EqualTo(map.Generate(2, 1)));
        Assert.That(stream.CanRead, Is.True, "the stream stays open");
    }

    /// <summary>Cancelled before the first step, within the first epoch, and between two epochs.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task TrainAsync_Cancelled_ReturnsAWholeModel(int epochs)
    {
        using var stop = new CancellationTokenSource();
        if (epochs == 0)
        {
            await stop.CancelAsync();
        }

        var progress = new Reports { OnReport = report => Cancel(report.Epoch == epochs) };
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small with { Epochs = 1000 }, progress, stop.Token);
        using MemoryStream saved = new();
        map.Save(saved);

        Assert.That((map.Stopped, map.Steps), Is.EqualTo((true, epochs * 3L)));
        Assert.That(map.Generate(1, 1), Has.Length.EqualTo(ImageLength));
        Assert.That(saved.Length, Is.GreaterThan(1000));

        void Cancel(bool now)
        {
            if (now)
            {
                stop.Cancel();
            }
        }
    }

    [Test]
    public void TrainAsync_CancelledAtAnyMoment_ReturnsAWholeModel()
    {
        for (int milliseconds = 0; milliseconds < 40; milliseconds += 4)
        {
            using var stop = new CancellationTokenSource(milliseconds);
            using GenerativeMap map = GenerativeMap.TrainAsync(Spots, Small with { Epochs = 100_000 }, null, stop.Token).Result;

            Assert.That(map.Stopped, Is.True);
            Assert.That(map.Encode(Spots.ToArray()), Has.All.Matches<float>(float.IsFinite));
        }
    }

    [Test]
    public async Task Models_TwoAtOnce_ComputeAsOneAfterTheOther()
    {
        GenerativeMap[] maps = await Task.WhenAll(
            GenerativeMap.TrainAsync(Spots, Small), GenerativeMap.TrainAsync(Spots, Small with { Seed = 7 }),
            GenerativeMap.TrainAsync(Spots, Small));
        float[][] codes = await Task.WhenAll(maps.Select(map => Task.Run(() => map.Encode(Spots.ToArray()))));

        Assert.That(codes[2], Is.EqualTo(codes[0]));
        Assert.That(codes[1], Is.Not.EqualTo(codes[0]));
        Array.ForEach(maps, map => map.Dispose());
    }

    [Test]
    public async Task Methods_OfOneModelInManyThreads_GiveTheSameResults()
    {
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small);
        float[] pixels = Spots.ToArray();
        (float[] codes, float[] images) = (map.Encode(pixels), map.Generate(3, 1));

        Parallel.For(0, 64, i =>
        {
            Assert.That(i % 2 == 0 ? map.Encode(pixels) : map.Generate(3, 1), Is.EqualTo(i % 2 == 0 ? codes : images));
        });
    }

    private static readonly TestCaseData[] WrongArguments =
    [
        new((Action<GenerativeMap>)(map => map.Encode([])), "0 values"),
        new((Action<GenerativeMap>)(map => map.Encode(new float[ImageLength + 1])), "65 values"),
        new((Action<GenerativeMap>)(map => map.Locate(new float[7])), "7 values"),
        new((Action<GenerativeMap>)(map => map.Decode(new float[9])), "9 values"),
        new((Action<GenerativeMap>)(map => map.Encode(Filled(2 * ImageLength, ImageLength + 3, float.NaN))), "Value 3 of image 1 is NaN"),
        new((Action<GenerativeMap>)(map => map.Locate(Filled(ImageLength, 0, 1.5f))), "Value 0 of image 0 is 1.5"),
        new((Action<GenerativeMap>)(map => map.Locate(Filled(ImageLength, 5, -0.1f))), "Value 5 of image 0 is -0.1"),
        new((Action<GenerativeMap>)(map => map.Decode(Filled(8, 1, float.PositiveInfinity))), "Value 1 of code 0"),
        new((Action<GenerativeMap>)(map => map.Generate(0, 1)), "count"),
        new((Action<GenerativeMap>)(map => map.Generate(int.MaxValue, 1)), "count"),
        new((Action<GenerativeMap>)(map => map.FitDensity(new Images(new byte[16], 4))), "4 x 4, gray, expected 8 x 8, gray"),
    ];

    [TestCaseSource(nameof(WrongArguments))]
    public async Task Method_OfWrongArguments_IsRefusedAndTheModelStaysUsable(Action<GenerativeMap> call, string message)
    {
        using GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small with { Epochs = 1 });

        Assert.That(() => call(map), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
        Assert.That(map.Encode(Spots.ToArray()), Has.Length.EqualTo(Count * 8));
    }

    private static readonly TestCaseData[] WrongImages =
    [
        new((Action)(() => _ = new Images(new byte[100], 10)), "multiple of 4"),
        new((Action)(() => _ = new Images(new byte[64], 8, 2)), "1 for gray or 3"),
        new((Action)(() => _ = new Images(Array.Empty<byte>(), 8)), "0 values"),
        new((Action)(() => _ = new Images(new byte[65], 8)), "65 values"),
        new((Action)(() => _ = new Images(Filled(64, 9, float.NaN), 8)), "Value 9 of image 0 is NaN"),
    ];

    [TestCaseSource(nameof(WrongImages))]
    public void Images_OfAWrongArray_AreRefused(Action make, string message) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    [TestCase(nameof(TrainOptions.Epochs), 0, "Epochs 0 is out of range")]
    [TestCase(nameof(TrainOptions.CodeLength), 12, "CodeLength 12 cannot be cut")]
    [TestCase(nameof(TrainOptions.Rows), 0, "Rows x Columns 0x4 is out of range")]
    [TestCase(nameof(TrainOptions.LearningRate), double.NaN, "LearningRate NaN is out of range")]
    public void TrainAsync_OfAWrongOption_NamesItBeforeTheTask(string option, object value, string message)
    {
        TrainOptions options = Small with { };
        typeof(TrainOptions).GetProperty(option)!.SetValue(options, value);

        Assert.That(
            () => { _ = GenerativeMap.TrainAsync(Spots, options); }, Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));
    }

    [Test]
    public void TrainAsync_OnAnAcceleratorThatIsNone_Fails()
    {
        Assert.That(
            async () => await GenerativeMap.TrainAsync(Spots, Small with { Compute = new Compute("tpu") }),
            Throws.ArgumentException.With.Message.Contains("no accelerator 'tpu'"));
        Assert.That(
            async () => await GenerativeMap.TrainAsync(Spots, Small with { Compute = new Compute("cpu", Device: 3) }),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("no device 3"));
    }

    [Test]
    public void Load_OfWhatIsNoModel_IsRefused()
    {
        Assert.That(() => GenerativeMap.Load("/nowhere/to/be/found"), Throws.InstanceOf<IOException>());
        Assert.That(() => GenerativeMap.Load(Path.GetTempPath()), Throws.InstanceOf<IOException>().With.Message.Contains("config.json"));
        Assert.That(
            () => GenerativeMap.Load(new MemoryStream(new byte[100])),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("The stream"));
    }

    [Test]
    public async Task Methods_OfADisposedModel_AreRefused()
    {
        GenerativeMap map = await GenerativeMap.TrainAsync(Spots, Small with { Epochs = 1 });
        map.Dispose();
        map.Dispose();
        Action[] calls =
        [
            () => map.Encode(Spots.ToArray()), () => map.Locate(Spots.ToArray()), () => map.Decode(new float[8]), () => map.Codebook(),
            () => map.Generate(1, 1), () => map.FitDensity(Spots), () => map.Save(Stream.Null),
        ];

        foreach (Action call in calls)
        {
            Assert.That(() => call(), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    [Test]
    public void Buffers_OfAllThatAModelDoes_AreFreed()
    {
        using Backend<float> backend = BackendFactory.Create("cpu", 2);
        HashSet<object> buffers = BuffersOf(backend);
        Assert.That(
            () => GenerativeMap.Train(backend, Spots, Small, new Reports { OnReport = report => throw new TimeoutException() }, default),
            Throws.InstanceOf<TimeoutException>());
        Assert.That(buffers, Is.Empty, "a training that failed");

        GenerativeMap map = GenerativeMap.Train(backend, Spots, Small, null, default);
        int held = buffers.Count;
        map.Encode(Spots.ToArray());
        map.Locate(Spots.ToArray());
        map.Decode(map.Codebook());
        map.Generate(9, 1);
        map.Save(Stream.Null);
        Assert.That(() => map.Encode(new float[1]), Throws.ArgumentException);
        Assert.That(held, Is.Positive);
        Assert.That(buffers.Count, Is.EqualTo(held), "calls of a trained model");

        map.Dispose();
        Assert.That(buffers, Is.Empty, "a disposed model");
    }

    private static HashSet<object> BuffersOf(Backend<float> backend) =>
        (HashSet<object>)backend.GetType().GetField("_buffers", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(backend)!;

    private static double Distance(float[] codes, int n, float[] codebook, int unit)
    {
        double sum = 0;
        for (int d = 0; d < 8; d++)
        {
            double difference = codes[(n * 8) + d] - codebook[(unit * 8) + d];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    private static float[] Filled(int length, int at, float value)
    {
        float[] values = new float[length];
        values[at] = value;
        return values;
    }

    /// <summary>A bright square of 3 x 3 pixels in each image, at another position.</summary>
    private static byte[] Pixels()
    {
        byte[] pixels = new byte[Count * ImageLength];
        for (int n = 0; n < Count; n++)
        {
            for (int i = 0; i < 9; i++)
            {
                pixels[(n * ImageLength) + (((n / 6 % 6) + (i / 3)) * Side) + (n % 6) + (i % 3)] = byte.MaxValue;
            }
        }

        return pixels;
    }

    private sealed class Reports : IProgress<EpochReport>
    {
        public List<EpochReport> All { get; } = [];

        public Action<EpochReport>? OnReport { get; init; }

        public void Report(EpochReport value)
        {
            All.Add(value);
            OnReport?.Invoke(value);
        }
    }
}
