using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>
/// Degenerate trainings. Each takes its number of steps, and every result is finite and in its range, or reported as undefined: losses,
/// scores, images and the numbers of the pictures.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class StrangeRunTests
{
    private const int Side = 8;

    private static readonly TrainingSettings Small = new() { Epochs = 3, BatchSize = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

    private static IEnumerable<TestCaseData> Runs =>
    [
        Run("BatchLargerThanTheData", Spots(20, 9), Small with { BatchSize = 4096 }),
        Run("OneImage", Spots(1, 1), Small),
        Run("OneUnit", Spots(20, 9), Small with { MapHeight = 1, MapWidth = 1 }),
        Run("OneUnitOneSampleAfterAnother", Spots(20, 9), Small with { MapHeight = 1, MapWidth = 1, SomUpdate = SomUpdateKind.Online }),
        Run("OneImageOnOneUnit", Spots(1, 1), Small with { MapHeight = 1, MapWidth = 1 }),
        Run("LargeMap", Spots(20, 9), Small with { Epochs = 1, MapHeight = 64, MapWidth = 64 }),
        Run("OneRow", Spots(20, 9), Small with { MapHeight = 1, MapWidth = 7 }),
        Run("OneColumn", Spots(20, 9), Small with { MapHeight = 7, MapWidth = 1 }),
        Run("OneLatentElement", Spots(20, 9), Small with { Latent = 1, Attention = AttentionKind.None }),
        Run("ManyLatentElements", Spots(20, 9), Small with { Latent = 512 }),
        Run("AllBlack", Of(20, 9, (_, _, _) => 0, n => (byte)(n % 4)), Small),
        Run("AllEqual", Of(20, 9, (_, y, x) => (byte)(17 * (y + x)), n => (byte)(n % 4)), Small),
        Run("OneClass", Of(20, 9, (n, y, x) => (byte)(37 * (n + y) * (n + x)), _ => 0), Small),
        Run("Color", TinyData.LoadColor(20, 9, Side), Small),
        Run("ColorOfThreeStages", TinyData.LoadColor(20, 9, 2 * Side), Small with { Stages = 3, Attention = AttentionKind.Spatial }),
        Run("OneClassThatIsTheLast", Of(20, 9, (n, y, x) => (byte)(37 * (n + y) * (n + x)), _ => 255), Small),
    ];

    [TestCaseSource(nameof(Runs))]
    public void Run_Strange_EndsWithNumbersThatAreInTheirRange(Dataset dataset, TrainingSettings settings)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, settings, dataset);
        TrainingLog log = new();

        trainer.Run(log, default);

        int steps = (dataset.Train.Count + settings.BatchSize - 1) / settings.BatchSize;
        Assert.That(log.Steps, Has.Count.EqualTo(settings.Epochs * steps));
        Assert.That(log.Steps[^1].ImagesSeen, Is.EqualTo(dataset.Train.Count));
        Assert.That(log.Steps.Select(step => step.Loss), Is.All.InRange(0, 10));
        Assert.That(log.Epochs.Select(row => row.Epoch), Is.EqualTo(Enumerable.Range(0, settings.Epochs + 1)));
        log.Epochs.ForEach(row => AssertScores(row, settings, dataset.Test.Count));
        Assert.That(log.Epochs[^1].MseE, Is.LessThan(log.Epochs[0].MseE!.Value), "it learns something of anything");

        var model = (SomAttnModel)trainer.Model;
        EvaluationResult result = new Evaluator(model).Evaluate(dataset);
        AssertEvaluation(result, dataset);
        AssertPictures(new MapFigures(model, result.Map!, dataset, ImageSplit.Test).Draw([0, model.Map.Units - 1]));
        AssertSamples(model, dataset);
        byte[] bytes = CheckpointFile.ToBytes(trainer.ToCheckpoint());
        Assert.That(CheckpointFile.Parse(bytes, "checkpoint").Step, Is.EqualTo(log.Steps.Count));
    }

    [Test]
    public void Run_ImagesOfOneKind_FallOnOneUnitAndTellNothingOfTheClasses()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        Dataset dataset = Of(20, 8, (_, y, x) => (byte)(17 * (y + x)), n => (byte)(n % 4));
        using Trainer trainer = new(backend, Small, dataset);
        trainer.Run(new TrainingLog(), default);

        EvaluationResult result = new Evaluator(trainer.Model).Evaluate(dataset);

        // Eight images of four classes, two of each.
        Assert.That((result.UnitsUsed, result.Perplexity), Is.EqualTo((1, 1.0)));
        Assert.That((result.Purity, result.UnitLabelAccuracy, result.Nmi), Is.EqualTo((0.25, 0.25, 0.0)));
        Assert.That(result.Map!.Labels!.Count(unit => double.IsFinite(unit.Purity)), Is.EqualTo(1), "units without images have none");
    }

    [Test]
    public void Run_OneClass_IsPureOnAnyUnits()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        Dataset dataset = Of(40, 20, (n, y, x) => (byte)(37 * (n + y) * (n + x)), _ => 3);
        using Trainer trainer = new(backend, Small with { Epochs = 30, MapHeight = 2 }, dataset);
        trainer.Run(new TrainingLog(), default);

        EvaluationResult result = new Evaluator(trainer.Model).Evaluate(dataset);

        // Several units and one class: their mutual information is zero.
        Assert.That(result.UnitsUsed, Is.GreaterThan(1));
        Assert.That((result.Purity, result.UnitLabelAccuracy, result.Nmi), Is.EqualTo((1.0, 1.0, 0.0)));
    }

    [Test]
    public void Trainer_AMillionEpochs_PlansNoMoreThanForOne()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        Dataset dataset = Spots(20, 9);
        TrainingSettings many = Small with { Epochs = 1_000_000 };
        Plan(backend, Small with { Epochs = 1 }, dataset); // warm-up: one-time allocations of the process
        (long device, long host) = Plan(backend, Small with { Epochs = 1 }, dataset);

        Assert.That(Plan(backend, many, dataset), Is.EqualTo((device, host)));
        using Trainer trainer = new(backend, many, dataset);
        TrainingLog log = StopAfter(trainer, steps: 2);
        Assert.That(log.Steps.Select(step => (step.Step, step.TotalSteps)), Is.EqualTo([(1, 3_000_000), (2, 3_000_000)]));
    }

    [Test]
    public void Run_FarBeyondWhatAnIntHolds_CountsOn()
    {
        const long Far = 1L << 40;
        const int Images = 1_100_000;
        const int SmallestSide = 4;
        using Backend<float> backend = AllBackends.Create("cpu");

        // One image per step: the last of a million epochs begin after 2⁴⁰ steps.
        Dataset dataset = TinyData.LoadOf(Images, 1, SmallestSide, (n, y, x) => (byte)(n + (16 * y) + x), _ => 0);
        TrainingSettings settings = Small with { Epochs = 1_000_000, BatchSize = 1 };
        using Trainer trainer = new(backend, settings, dataset);
        int epoch = (int)(Far / Images);
        trainer.Continue(trainer.ToCheckpoint() with { Step = Far, Epoch = epoch });

        TrainingLog log = StopAfter(trainer, Far + 3);

        Assert.That(trainer.TotalSteps, Is.EqualTo((long)Images * settings.Epochs));
        Assert.That(log.Steps.Select(step => step.Step), Is.EqualTo([Far + 1, Far + 2, Far + 3]));
        Assert.That(log.Steps.Select(step => step.Epoch), Is.All.EqualTo(epoch + 1));
        Assert.That(log.Steps.Select(step => step.ImagesSeen), Is.EqualTo(Enumerable.Range((int)(Far % Images) + 1, 3)));
        Assert.That(log.Steps.Select(step => step.Loss), Is.All.InRange(1e-6, 10));
        Checkpoint checkpoint = CheckpointFile.Parse(CheckpointFile.ToBytes(trainer.ToCheckpoint()), "checkpoint");
        Assert.That((checkpoint.Step, checkpoint.Epoch), Is.EqualTo((Far + 3, epoch)));
    }

    private static TestCaseData Run(string name, Dataset dataset, TrainingSettings settings) =>
        new TestCaseData(dataset, settings).SetArgDisplayNames(name);

    private static Dataset Spots(int trainCount, int testCount) => TinyData.Load(trainCount, testCount, Side);

    private static Dataset Of(int trainCount, int testCount, Func<int, int, int, byte> pixel, Func<int, byte> label) =>
        TinyData.LoadOf(trainCount, testCount, Side, pixel, label);

    /// <summary>Returns the bytes on the device and on the host that planning a training allocates.</summary>
    private static (long Device, long Host) Plan(Backend<float> backend, TrainingSettings settings, Dataset dataset)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Trainer trainer = new(backend, settings, dataset);
        return (trainer.DeviceBytes, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TrainingLog StopAfter(Trainer trainer, long steps)
    {
        using CancellationTokenSource stop = new();
        TrainingLog log = new()
        {
            Stepped = report =>
            {
                if (report.Step == steps)
                {
                    stop.Cancel();
                }
            },
        };
        trainer.Run(log, stop.Token);
        return log;
    }

    private static void AssertScores(EpochMetrics row, TrainingSettings settings, int images)
    {
        int units = settings.MapHeight * settings.MapWidth;
        Assert.That(new[] { row.MseE, row.MseQ }, Is.All.InRange(0, 1));
        Assert.That(row.QuantizationError, Is.InRange(0, 100));
        Assert.That(row.Te6, units == 1 ? Is.Null : Is.InRange(0, 1));
        Assert.That((row.Te4, row.Te8), Is.EqualTo(((double?)null, (double?)null)), "hexagons have six neighbors");

        Assert.That(row.UnitsUsed, Is.InRange(1, Math.Min(units, images)));
        Assert.That(row.Perplexity, Is.InRange(1, row.UnitsUsed!.Value * (1 + 1e-12)), "within the rounding of an exponential");
        Assert.That(row.Loss, row.Epoch == 0 ? Is.Null : Is.InRange(0, 10));
        Assert.That(row.ImagesPerSecond, Is.InRange(0, 1e9));
    }

    private static void AssertEvaluation(EvaluationResult result, Dataset dataset)
    {
        Assert.That(result.Images, Is.EqualTo(dataset.Test.Count));
        Assert.That(result.Map!.Hits.Sum(), Is.EqualTo(dataset.Test.Count));
        Assert.That(new[] { result.Purity, result.Nmi, result.UnitLabelAccuracy!.Value }, Is.All.InRange(0, 1));
        Assert.That(result.Purity, Is.GreaterThanOrEqualTo(1.0 / dataset.ClassNames.Count));
    }

    private static void AssertPictures(IReadOnlyList<Figure> figures)
    {
        const int LargestSide = 4000; // pixels that a viewer opens without trouble
        Assert.That(figures, Has.Count.EqualTo(7));
        foreach (Figure figure in figures)
        {
            Assert.That(new[] { figure.Picture.Width, figure.Picture.Height }, Is.All.InRange(16, LargestSide), figure.Name);
            string[] lines = figure.Numbers.ToCsv().TrimEnd('\n').Split('\n');
            int columns = lines[0].Split(',').Length;
            IEnumerable<string[]> rows = lines.Skip(1).Select(line => line.Split(','));
            Assert.That(rows.Where(row => row.Length != columns), Is.Empty, figure.Name);
            IEnumerable<double> numbers = rows.SelectMany(row => row).Where(cell => cell.Length > 0 && !char.IsLetter(cell[0]))
                .Select(cell => double.Parse(cell, CultureInfo.InvariantCulture));
            Assert.That(numbers.All(double.IsFinite), Is.True, figure.Name);
            Assert.That(figure.Numbers.ToCsv(), Does.Not.Contain("NaN").And.Not.Contain("Infinity"), figure.Name);
        }
    }

    private static void AssertSamples(SomAttnModel model, Dataset dataset)
    {
        SampleRequest request = new(10, 1);
        MapSampler sampler = new(model);
        MapDensity density = MapDensity.Fit(CodedImages.Of(model, dataset.Train), model.Map.Units);
        SampledImages[] samples = [sampler.Isotropic(request, MapSampler.DefaultSigma), sampler.Density(request, density, 1)];
        foreach (SampledImages sample in samples)
        {
            Assert.That(sample.Pixels.Length, Is.EqualTo(10 * model.Shape.Length));
            Assert.That(sample.Pixels.ToArray(), Is.All.InRange(0f, 1f));
        }
    }
}
