using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>How many images the encoder encodes for scores and figures: each once, which is most of their time.</summary>
public sealed class EncodedImagesTests
{
    private const int Pixels = 64;
    private const int Batch = 8;
    private static readonly Dataset Data = TinyData.Load(50, 33, 8);

    private static readonly TrainingSettings Settings = new() { BatchSize = Batch, Latent = 8, MapHeight = 3, MapWidth = 3 };

    private static readonly TestCaseData[] Evaluated =
    [
        // The training images label the units, and one batch more shows its attention.
        new(Settings, 33 + 50 + Batch),
        new(Settings with { Attention = AttentionKind.None }, 33 + 50),
        new(Settings with { Model = ModelKind.Vae }, 33),

        // The training images fit the mixture that is sampled.
        new(Settings with { Model = ModelKind.Ae }, 33 + 50),
    ];

    [TestCaseSource(nameof(Evaluated))]
    public void Evaluation_OfAModel_EncodesEachImageOnce(TrainingSettings settings, int expected)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using ImageModel model = ImageModel.Create(backend, settings, new(8, 1), 4);
        using ClassifierModel classifier = new(backend, Settings, new(8, 1), 4);
        model.Initialize();
        classifier.Initialize();
        SampleEvaluator samples = new(classifier, Data);

        int encoded = Encoded(model, () => ModelEvaluation.Of(model, Data, samples, new SampleRequest(20, 1), note: _ => { }));

        Assert.That(encoded, Is.EqualTo(expected));
    }

    [Test]
    public void MapFigures_OfAModel_EncodeEachTestImageOnceAndNoTrainingImage()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using SomAttnModel model = new(backend, Settings, new(8, 1));
        using DeviceImages test = new(backend, Data.Test, Batch);
        model.Initialize();

        int encoded = Encoded(model, () =>
        {
            MapStatistics statistics = new Evaluator(model).Evaluate(test, Data.ClassNames.Count).Map!;
            new MapFigures(model, statistics, Data, ImageSplit.Test).Draw([0, 8]);
        });

        // Two images of each of four classes are also drawn beside their reconstructions.
        Assert.That(encoded, Is.EqualTo(33 + 8));
    }

    /// <summary>Counts the images that pass the first convolution of a model, which has a weight of its own.</summary>
    private static int Encoded(ImageModel model, Action work)
    {
        DeviceView<float>? first = null;
        int images = 0;
        using DeviceBuffer<float> one = model.Backend.Allocate<float>(Pixels);
        using OperationWatch watch = new(model.Backend, (operation, operands) =>
        {
            if (operation == nameof(Backend<float>.Conv2dForward))
            {
                DeviceView<float>[] views = [.. OperationWatch.Floats(operands)];
                first ??= views[1];
                images += views[1].Equals(first.Value) ? views[0].Length / Pixels : 0;
            }
        });
        model.Encode(one.View, 1);
        images = 0;
        work();
        return images;
    }
}
