using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Data;

/// <summary>Training images that take the place of the test images.</summary>
public sealed class HoldOutTests
{
    private const int Images = 400;

    /// <summary>Image n has the value n % 256 in every pixel and the label n / 256, so that both tell its number.</summary>
    private static readonly Dataset Data = TinyData.LoadOf(Images, 10, 4, (n, _, _) => (byte)n, n => (byte)(n / 256));

    [Test]
    public void HoldOut_Some_PartsTheTrainingImagesInTheirOrder()
    {
        Dataset parts = Data.HoldOut(100);

        (int[] kept, int[] held) = (Numbers(parts.Train), Numbers(parts.Test));
        Assert.That((kept.Length, held.Length), Is.EqualTo((300, 100)));
        Assert.That(kept.Concat(held).Order(), Is.EqualTo(Enumerable.Range(0, Images)), "each once, and no test image");
        Assert.That(kept, Is.Ordered);
        Assert.That(held, Is.Ordered);
        Assert.That((parts.Sha256, parts.ClassNames), Is.EqualTo((Data.Sha256, Data.ClassNames)));
        Assert.That(parts.Notes[^1], Does.Contain("100 of the 400 training images").And.Contain("test images are not used"));
    }

    /// <summary>Of 100 random images from 400, 25 are expected in each quarter and 10 of each last digit; 4 standard deviations.</summary>
    [Test]
    public void HoldOut_OrderedClasses_TakesOfEach()
    {
        int[] held = Numbers(Data.HoldOut(100).Test);

        Assert.That(held.GroupBy(n => n / 100).Select(quarter => quarter.Count()), Is.All.InRange(10, 40));
        Assert.That(held.GroupBy(n => n % 10).Select(digit => digit.Count()), Is.All.InRange(1, 21));
        Assert.That(held, Is.SubsetOf(Numbers(Data.HoldOut(150).Test)), "a larger part holds the smaller one");
    }

    [TestCase(Images)]
    [TestCase(int.MaxValue)]
    public void HoldOut_AllImages_IsRefused(int count) => Assert.That(
        () => Data.HoldOut(count), Throws.TypeOf<DataException>().With.Message.Contains($"{count} validation images"));

    [Test]
    public void Load_WithALimit_HoldsOutOfTheFirstImages()
    {
        using TemporaryFolder folder = new();
        TinyData.Write(folder.Path, 40, 12, 4, (n, _, _) => (byte)n, _ => 0);

        Dataset parts = Dataset.Load(folder.Path, new DataOptions(Limit: 20) { ValidationImages = 5 });

        Assert.That(Numbers(parts.Train).Concat(Numbers(parts.Test)).Order(), Is.EqualTo(Enumerable.Range(0, 20)));
        Assert.That(parts.Test.Count, Is.EqualTo(5));
    }

    private static int[] Numbers(ImageSet images) =>
        [.. images.Labels.Select((label, n) => (256 * label) + images.Pixels.Span[n * images.Shape.Length])];
}
