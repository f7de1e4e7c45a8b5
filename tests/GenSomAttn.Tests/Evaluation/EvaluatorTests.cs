using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The scores of a model.</summary>
public sealed class EvaluatorTests : IDisposable
{
    private const int Pixels = 64;
    private static readonly Dataset Data = TinyData.Load(150, 33, 8);
    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 15,
        BatchSize = 8,
        Latent = 8,
        MapHeight = 3,
        MapWidth = 3,
        LearningRate = 3e-3,
    };

    private readonly Backend<float> _backend = AllBackends.Create("cpu");
    private Trainer _trainer = null!;
    private EvaluationResult _result = null!;

    private SomAttnModel Model => (SomAttnModel)_trainer.Model;

    [OneTimeSetUp]
    public void Train()
    {
        _trainer = new Trainer(_backend, Settings, Data);
        _trainer.Run(new TrainingLog(), default);
        _result = new Evaluator(Model).Evaluate(Data);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _trainer.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void Evaluate_TestImages_HasTheErrorsOfEachImage()
    {
        // One image at a time: no batches, no partial last batch.
        using DeviceImages images = new(_backend, Data.Test, 1);
        double[] direct = new double[Data.Test.Count];
        double[] quantized = new double[Data.Test.Count];
        double[] distances = new double[Data.Test.Count];
        for (int n = 0; n < Data.Test.Count; n++)
        {
            Reconstruction made = Model.Reconstruct(images.Range(n, 1), 1);
            direct[n] = Mse(made.Images.ToArray(), n);
            quantized[n] = Mse(made.QuantizedImages.ToArray(), n);
            distances[n] = Math.Sqrt(made.Winners.SquaredDistances.ToArray()[0]);
        }

        Assert.That(_result.Images, Is.EqualTo(33));
        Assert.That(_result.MseE, Is.EqualTo(direct.Average()).Within(1e-7));
        Assert.That(_result.MseQ, Is.EqualTo(quantized.Average()).Within(1e-7));
        Assert.That(_result.MseE, Is.LessThan(_result.MseQ!.Value));
        Assert.That(_result.QuantizationError, Is.EqualTo(distances.Average()).Within(1e-5));
    }

    [Test]
    public void Evaluate_MapWithoutNeighborhoods_HasTheScoresOfItsWinners()
    {
        // The codes of 20 test images in order, so that neighboring units are unrelated.
        using SomAttnModel model = new(_backend, Settings.With(new MapOptions()) with { MapHeight = 4, MapWidth = 5 }, new(8, 1));
        model.Initialize();
        model.Map.Codebook.CopyFrom(CodedImages.Of(model, Data.Test).Codes.Span[..(20 * 8)]);
        using DeviceImages images = new(_backend, Data.Test, 1);
        int[] bmu = new int[33];
        (int ofFour, int ofEight) = (0, 0);
        for (int n = 0; n < 33; n++)
        {
            Winners winners = model.Reconstruct(images.Range(n, 1), 1).Winners;
            bmu[n] = winners.Bmu.ToArray()[0];
            int second = winners.Second.ToArray()[0];
            (int rows, int columns) = (Math.Abs((bmu[n] / 5) - (second / 5)), Math.Abs((bmu[n] % 5) - (second % 5)));
            ofFour += rows + columns == 1 ? 0 : 1;
            ofEight += rows <= 1 && columns <= 1 ? 0 : 1;
        }

        var contingency = new Contingency(bmu, Data.Test.Labels, 20, 4);

        EvaluationResult result = new Evaluator(model).Evaluate(Data);

        Assert.That(result.Te4, Is.EqualTo(ofFour / 33.0).Within(1e-12));
        Assert.That(result.Te8, Is.EqualTo(ofEight / 33.0).Within(1e-12));
        Assert.That(ofFour, Is.GreaterThan(ofEight), "else they could be exchanged unseen");
        Assert.That(result.Nmi, Is.EqualTo(contingency.NormalizedMutualInformation()));
        Assert.That(result.NmiGeometric, Is.EqualTo(contingency.GeometricMutualInformation()));
        Assert.That(result.NmiGeometric, Is.GreaterThan(result.Nmi!.Value + 1e-6), "the geometric mean is below the arithmetic one");
    }

    [Test]
    public void Evaluate_TestImages_HasTheStatisticsOfEachUnit()
    {
        int[] bmu = CodedImages.Of(Model, Data.Test).Bmu.ToArray();

        MapStatistics map = _result.Map!;

        Assert.That(map.Hits.Sum(), Is.EqualTo(33));
        Assert.That(_result.UnitsUsed, Is.EqualTo(bmu.Distinct().Count()));
        for (int unit = 0; unit < 9; unit++)
        {
            int[] labels = [.. Data.Test.Labels.Where((_, n) => bmu[n] == unit)];
            Assert.That(map.Hits[unit], Is.EqualTo(labels.Length));
            if (labels.Length == 0)
            {
                Assert.That((map.Labels![unit], map.MseQ[unit]), Is.EqualTo((new UnitLabel(-1, double.NaN), double.NaN)));
                continue;
            }

            int majority = Majority(labels);
            Assert.That(map.Labels![unit].Label, Is.EqualTo(majority));
            double purity = (double)labels.Count(label => label == majority) / labels.Length;
            Assert.That(map.Labels[unit].Purity, Is.EqualTo(purity).Within(1e-12));
        }

        double[] shares = [.. Enumerable.Range(0, 9).Where(unit => map.Hits[unit] > 0).Select(unit => map.Hits[unit] * map.MseQ[unit])];
        Assert.That(shares.Sum() / 33, Is.EqualTo(_result.MseQ).Within(1e-12));
    }

    [Test]
    public void Evaluate_UnitLabelAccuracy_TakesTheLabelsOfTrainingImages()
    {
        int[] trainBmu = CodedImages.Of(Model, Data.Train).Bmu.ToArray();
        int[] testBmu = CodedImages.Of(Model, Data.Test).Bmu.ToArray();
        Dictionary<int, int> majority = trainBmu.Zip(Data.Train.Labels).GroupBy(pair => pair.First).ToDictionary(
            group => group.Key, group => Majority(group.Select(pair => pair.Second)));
        int right = testBmu.Zip(Data.Test.Labels).Count(pair => majority.TryGetValue(pair.First, out int label) && label == pair.Second);
        double expected = right / 33.0;

        double purityOfAll = trainBmu.Zip(Data.Train.Labels).Concat(testBmu.Zip(Data.Test.Labels)).GroupBy(pair => pair.First)
            .Sum(group => group.CountBy(pair => pair.Second).Max(label => label.Value)) / 183.0;

        Assert.That(_result.UnitLabelAccuracy, Is.EqualTo(expected).Within(1e-12));
        Assert.That(_result.PurityAll, Is.EqualTo(purityOfAll).Within(1e-12));
        // The map separates the quadrants of the spot: chance would give a quarter.
        Assert.That(expected, Is.GreaterThan(0.5));
        Assert.That(_result.Purity, Is.GreaterThan(0.5));
    }

    [Test]
    public void Evaluate_OfAnEpoch_IsTheSameAsAfterwards()
    {
        TrainingLog log = new();
        using Trainer trainer = new(_backend, Settings with { Epochs = 1 }, Data);
        trainer.Run(log, default);

        EvaluationResult result = new Evaluator(trainer.Model).Evaluate(Data);

        Assert.That(
            (log.Epochs[1].MseE, log.Epochs[1].MseQ, log.Epochs[1].QuantizationError, log.Epochs[1].Te6),
            Is.EqualTo((result.MseE, result.MseQ, result.QuantizationError, result.Te6)));
        Assert.That((log.Epochs[1].UnitsUsed, log.Epochs[1].Perplexity), Is.EqualTo((result.UnitsUsed, result.Perplexity)));
    }

    [Test]
    public void Evaluate_MapOfOneUnit_HasNoTopographicError()
    {
        using SomAttnModel model = new(_backend, Settings with { MapHeight = 1, MapWidth = 1 }, new(8, 1));
        model.Initialize();

        EvaluationResult result = new Evaluator(model).Evaluate(Data);

        Assert.That((result.Te4, result.Te6, result.Te8), Is.EqualTo(((double?)null, (double?)null, (double?)null)));
        Assert.That((result.UnitsUsed, result.Perplexity, result.Nmi), Is.EqualTo((1, 1.0, 0.0)));
    }

    [Test]
    public void Evaluate_Vae_HasTheErrorOfCodesDrawnAroundTheirMeans()
    {
        using VaeModel model = new(_backend, Settings with { Model = ModelKind.Vae }, new(8, 1));
        model.Initialize();
        var key = new RandomKey(Settings.Seed, RandomPurpose.SampleNoise, 1);
        using DeviceImages images = new(_backend, Data.Test, 1);
        using DeviceBuffer<float> code = _backend.Allocate<float>(8);
        double[] errors = new double[Data.Test.Count];
        for (int n = 0; n < errors.Length; n++)
        {
            (DeviceView<float> mean, DeviceView<float> logVariance) = model.EncodeDistribution(images.Range(n, 1), 1);
            (float[] center, float[] logs) = (mean.ToArray(), logVariance.ToArray());
            code.CopyFrom([.. Enumerable.Range(0, 8).Select(
                d => center[d] + (MathF.Exp(logs[d] / 2) * Philox.Normal(key, (uint)((8 * n) + d))))]);
            errors[n] = Mse(model.Decode(code.View, 1).ToArray(), n);
        }

        EvaluationResult result = new Evaluator(model).Evaluate(Data);

        // Equal up to rounding of exp and of sums: one image at a time here, eight there.
        Assert.That(result.MseZ, Is.EqualTo(errors.Average()).Within(1e-7));
        Assert.That(Math.Abs(result.MseZ!.Value - result.MseE!.Value), Is.GreaterThan(1e-5), "the noise does something");
        Assert.That(_result.MseZ, Is.Null, "the map's codes have no distribution");
    }

    [Test]
    public void Evaluate_Classifier_HasTheAccuracyOverAllBatches()
    {
        using ClassifierModel model = new(_backend, Settings, new(8, 1), 4);
        model.Initialize();
        using DeviceImages images = new(_backend, Data.Test, 1);
        int[] guesses = new int[Data.Test.Count];
        for (int n = 0; n < guesses.Length; n++)
        {
            float[] scores = model.Score(model.Encode(images.Range(n, 1), 1), 1).ToArray();
            guesses[n] = Array.IndexOf(scores, scores.Max());
        }

        double expected = guesses.Zip(Data.Test.Labels).Count(pair => pair.First == pair.Second) / 33.0;

        Assert.That(new Evaluator(model).Evaluate(Data).Accuracy, Is.EqualTo(expected).Within(1e-12));
        Assert.That(expected, Is.GreaterThan(1 / 33.0), "more than the one image of the last batch");
    }

    [Test]
    public void Evaluate_ClassifierOfEqualScores_GuessesTheFirstClass()
    {
        // All parameters are zero, and so are the scores. Of the test images 9 are of class 0, 7 of class 1.
        using ClassifierModel model = new(_backend, Settings, new(8, 1), 2);

        Assert.That(new Evaluator(model).Evaluate(Data).Accuracy, Is.EqualTo(9 / 33.0).Within(1e-12));
    }

    /// <summary>Returns the most frequent label; the lowest wins a tie.</summary>
    private static int Majority(IEnumerable<int> labels) =>
        labels.GroupBy(label => label).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    private static double Mse(float[] made, int image)
    {
        byte[] pixels = Data.Test.Pixels.ToArray()[(image * Pixels)..((image + 1) * Pixels)];
        return made.Zip(pixels, (left, right) => Math.Pow(left - (right / 255.0), 2)).Average();
    }
}
