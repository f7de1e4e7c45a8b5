using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Whether generated images are copies of training images.</summary>
public sealed class MemorizationTests
{
    private static readonly Rows<float> Train = Normal(300, 1);
    private static readonly Rows<float> Test = Normal(200, 2);

    [Test]
    public void Of_SmallSets_IsTheValueByHand()
    {
        // Distances: 1, 2 and 3 of test images, 1, 2.5 and 5 of generated ones. Closer pairs of nine: (1, 2), (1, 3), (2.5, 3), half of (1,
        // 1).
        var train = new Rows<float>(new float[] { 0, 100 }, 1);
        var test = new Rows<float>(new float[] { 1, 102, 97 }, 1);
        var made = new Rows<float>(new[] { 99, 2.5f, 5 }, 1);

        Assert.That(Compare(train, test, made), Is.EqualTo(new Memorization(3.5 / 9, 0)));
    }

    [TestCase(1, 5, 3)]
    [TestCase(7, 50, 70)]
    [TestCase(50, 61, 131)]
    [TestCase(784, 9, 140)]
    public void Ascending_AnySizes_AreThoseOfPlainLoops(int pixels, int count, int trainCount)
    {
        var images = new Rows<float>(Draw.Normal(count * pixels, 5), pixels);
        var train = new Rows<float>(Draw.Normal(trainCount * pixels, 6), pixels);
        double Distance(int n, int t) => Math.Sqrt(Enumerable.Range(0, pixels).Sum(i => Math.Pow((double)images[n][i] - train[t][i], 2)));
        double[] plain = [.. Enumerable.Range(0, count).Select(n => Enumerable.Range(0, trainCount).Min(t => Distance(n, t))).Order()];

        // Sums of up to 784 terms in double.
        Assert.That(new NearestImages(train).Ascending(images), Is.EqualTo(plain).Within(1e-12));
    }

    [Test]
    public void Of_CopiesOfTrainingImages_AreAllFound()
    {
        Memorization found = Compare(Train, Test, Train.Select([.. Enumerable.Range(100, 150)]));

        Assert.That(found.CloserPairs, Is.EqualTo(1));
        Assert.That(found.CopyShare, Is.EqualTo(1));
    }

    [Test]
    public void Of_SomeCopiesAmongOthers_AreTheirShare()
    {
        // 50 slightly changed copies and 150 images as new as the test images; about 1 % of these are nearer than the bound.
        float[] copies = [.. Train.Values[..(50 * 8)].ToArray().Select(x => x + 0.001f)];
        Memorization found = Compare(Train, Test, new Rows<float>((float[])[.. copies, .. Normal(150, 3).Values], 8));

        Assert.That(found.CopyShare, Is.EqualTo(0.25).Within(0.03));
    }

    [Test]
    public void Of_NewImagesOfTheSameDistribution_AreAsNearAsTestImages()
    {
        Memorization found = Compare(Train, Test, Normal(200, 4));

        // The share of pairs deviates by 1/√(12 · 100) = 0.03; three times that.
        Assert.That(found.CloserPairs, Is.EqualTo(0.5).Within(0.09));
        Assert.That(found.CopyShare, Is.LessThan(0.05));
        Assert.That(Compare(Train, Test, Test).CloserPairs, Is.EqualTo(0.5));
    }

    [Test]
    public void Of_ImagesOfAnotherSize_AreRefused()
    {
        Assert.That(() => Compare(Train, Test, new Rows<float>(new float[9], 9)), Throws.ArgumentException);
    }

    private static Memorization Compare(Rows<float> train, Rows<float> test, Rows<float> made) =>
        Memorization.Of(new NearestImages(train).Ascending(made), new NearestImages(train).Ascending(test));

    private static Rows<float> Normal(int count, uint stream) => new(Draw.Normal(count * 8, stream), 8);
}
