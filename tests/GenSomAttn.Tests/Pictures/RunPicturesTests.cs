using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>Which pictures a run keeps.</summary>
public sealed class RunPicturesTests
{
    [TestCase(1)]
    [TestCase(8)]
    [TestCase(20)]
    [TestCase(300)]
    public void Names_OfAllEpochs_AreAtMostTwentyWithTheFirstAndTheLast(int epochs)
    {
        var settings = new TrainingSettings { Epochs = epochs };
        string[] names = [.. Enumerable.Range(0, epochs + 1).SelectMany(epoch => RunPictures.Names(settings, epoch))];

        Assert.That(names, Has.Length.EqualTo(2 * Math.Min(epochs + 1, 9)));
        Assert.That(names, Does.Contain("epoch_000.png").And.Contain("map_000.png"));
        Assert.That(names, Does.Contain($"epoch_{epochs:000}.png").And.Contain($"map_{epochs:000}.png"));
    }

    [Test]
    public void Names_OfAModelWithoutPictures_AreNone() =>
        Assert.That(RunPictures.Names(new TrainingSettings { Model = ModelKind.Classifier }, 0), Is.Empty);
}
