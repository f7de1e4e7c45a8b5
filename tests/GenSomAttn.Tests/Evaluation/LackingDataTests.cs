using GenSomAttn.Backends;
using GenSomAttn.Model.Baselines;
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

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Scores, training and pictures of data without labels, and of data without test images.</summary>
public sealed class LackingDataTests
{
    private const int TestImages = 33;
    private static readonly Dataset Data = TinyData.Load(40, TestImages, 8);
    private static readonly Dataset NoLabels = new(Unlabeled(Data.Train), Unlabeled(Data.Test), [], Data.Sha256);
    private static readonly Dataset NoTest = new(Data.Train, Data.Test.First(0), Data.ClassNames, Data.Sha256);
    private static readonly TrainingSettings Settings = new() { Epochs = 2, BatchSize = 16, Latent = 8, MapHeight = 3, MapWidth = 4 };

    [Test]
    public void Evaluate_NoLabels_LacksTheScoresOfLabelsAlone()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using ImageModel model = Create(backend, ModelKind.SomAttn);
        EvaluationResult labeled = new Evaluator(model).Evaluate(Data);

        EvaluationResult result = new Evaluator(model).Evaluate(NoLabels);

        Assert.That(labeled.PurityAll, Is.Not.Null);
        Assert.That(result with { Map = null }, Is.EqualTo(WithoutLabels(labeled) with { Map = null }));
        Assert.That(result.Map!.Labels, Is.Null);
        Assert.That(result.Map.Hits, Is.EqualTo(labeled.Map!.Hits));
        Assert.That(result.Map.MseQ, Is.EqualTo(labeled.Map.MseQ));
    }

    [Test]
    public void Evaluate_ClassifierOnImagesWithoutLabels_HasNoAccuracy()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using ImageModel classifier = Create(backend, ModelKind.Classifier);

        Assert.That(new Evaluator(classifier).Evaluate(Data).Accuracy, Is.Not.Null);
        Assert.That(new Evaluator(classifier).Evaluate(NoLabels), Is.EqualTo(new EvaluationResult { Images = TestImages }));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Evaluate_NoTestImages_HasNoScore(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        foreach (ModelKind kind in Enum.GetValues<ModelKind>())
        {
            using ImageModel model = Create(backend, kind);

            EvaluationResult result = new Evaluator(model).Evaluate(NoTest);

            Assert.That(result with { Map = null }, Is.EqualTo(new EvaluationResult { Images = 0 }), $"{kind}");
        }
    }

    [Test]
    public void ModelEvaluation_NoTestImages_HasTheScoreOfTheCodebookAlone()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using ImageModel model = Create(backend, ModelKind.SomAttn);

        var result = ModelEvaluation.Of(model, NoTest, samples: null, new SampleRequest(1, 1), note: _ => { });

        Assert.That(result.TopographicProduct, Is.Not.Null);
        Assert.That(
            result with { Map = null, TopographicProduct = null }, Is.EqualTo(new ModelEvaluation(new EvaluationResult { Images = 0 })));
    }

    [Test]
    public void PixelBaseline_NoLabelsOrNoTestImages_LacksTheirScores([Values] PixelBaselineKind kind)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        EvaluationResult Score(Dataset data) => PixelBaseline.Score(kind, backend, data, Settings, note: _ => { }, default);

        Assert.That(Score(NoLabels), Is.EqualTo(WithoutLabels(Score(Data))));
        Assert.That(Score(NoTest), Is.EqualTo(new EvaluationResult { Images = 0 }));
    }

    [Test]
    public void Train_NoTestImages_LearnsTheSameAndLogsEmptyCells()
    {
        TrainingLog log = new();

        Assert.That(Train(NoTest, log), Is.EqualTo(Train(Data, new TrainingLog())), "test images teach nothing");

        string[] lines = MetricsLog.ToCsv(log.Epochs).Split('\n');
        Assert.That(lines[0], Does.StartWith("epoch,mse_e,mse_q,quantization_error,te4,te8,units_used,perplexity,sigma,"));
        Assert.That(lines[1..^1], Has.Length.EqualTo(3).And.All.Match("^[012],,,,,,,,[0-9.]+,"));
    }

    [Test]
    public void MapFigures_NoLabels_ShowTheFirstImagesAndNoClasses()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using var model = (SomAttnModel)Create(backend, ModelKind.SomAttn);
        string[] names = [.. Enumerable.Range(0, TestImages).Select(n => $"{n}, a.png")];
        Dataset named = new(
            NoLabels.Train, new ImageSet(NoLabels.Test.Pixels, NoLabels.Test.Labels, NoLabels.Test.Shape) { Names = names }, [], "named");

        Dictionary<string, Figure> figures = Draw(model, named, ImageSplit.Test);

        Assert.That(
            figures.Keys, Is.EquivalentTo(["prototypes", "umatrix", "hits", "error", "path", "reconstructions"]));
        string[] lines = figures["reconstructions"].Numbers.ToCsv().Split('\n');
        Assert.That(lines[0], Does.StartWith("index,file,class,row,column,shown,p0,"));
        Assert.That(lines[1], Does.Match("^0,\"0, a.png\",,[0-2],[0-3],image,"));
        Assert.That(lines[4], Does.StartWith("1,\"1, a.png\",,"));
        Assert.That(lines, Has.Length.EqualTo(1 + (3 * Settings.BatchSize) + 1), "as many as the largest batch");
    }

    [Test]
    public void MapFigures_EachSplit_PlaceItsImages()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using var model = (SomAttnModel)Create(backend, ModelKind.SomAttn);

        Assert.That(Hits(ImageSplit.Train), Is.EqualTo(40));
        Assert.That(Hits(ImageSplit.Test), Is.EqualTo(TestImages));
        Assert.That(Hits(ImageSplit.All), Is.EqualTo(40 + TestImages));
        Assert.That(Data.Of(ImageSplit.All).Labels, Is.EqualTo(Data.Train.Labels.Concat(Data.Test.Labels)));
        Assert.That((Data.Shown, NoTest.Shown), Is.EqualTo((ImageSplit.Test, ImageSplit.Train)));

        double Hits(ImageSplit split) => Draw(model, Data, split)["hits"].Numbers.ToCsv()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Sum(line => int.Parse(line.Split(',')[2], null));
    }

    private static Dictionary<string, Figure> Draw(SomAttnModel model, Dataset data, ImageSplit split)
    {
        using DeviceImages images = new(model.Backend, data.Of(split), Settings.BatchSize);
        MapStatistics statistics = new Evaluator(model).Evaluate(images, data.ClassNames.Count).Map!;
        return new MapFigures(model, statistics, data, split).Draw([0, 11]).ToDictionary(figure => figure.Name);
    }

    private static byte[] Train(Dataset data, TrainingLog log)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Settings, data);
        trainer.Run(log, default);
        return CheckpointFile.ToBytes(trainer.ToCheckpoint());
    }

    private static ImageModel Create(Backend<float> backend, ModelKind kind)
    {
        var model = ImageModel.Create(backend, Settings with { Model = kind }, Data.Train.Shape, classes: 4);
        model.Initialize();
        return model;
    }

    private static EvaluationResult WithoutLabels(EvaluationResult result) => result with
    {
        Purity = null,
        Nmi = null,
        NmiGeometric = null,
        UnitLabelAccuracy = null,
        PurityAll = null,
        NmiAll = null,
        NmiGeometricAll = null,
        PurityTraining = null,
        NmiTraining = null,
        NmiGeometricTraining = null,
    };

    private static ImageSet Unlabeled(ImageSet images) => new(images.Pixels, new int[images.Count], images.Shape);
}
