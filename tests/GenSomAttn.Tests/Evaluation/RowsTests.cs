using GenSomAttn.Model.Metrics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The input checks that all scores share.</summary>
public sealed class RowsTests
{
    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void Constructor_NumberThatIsNotFinite_IsRefusedWithItsPlace(float number)
    {
        Assert.That(
            () => new Rows<float>(new[] { 1, 2, 3, 4, number, 6 }, 3),
            Throws.ArgumentException.With.Message.Contains("Element 1 of vector 1"));
    }

    [Test]
    public void Constructor_NoOrIncompleteVectors_AreRefused()
    {
        Assert.That(() => new Rows<double>(new double[5], 2), Throws.ArgumentException);
        Assert.That(() => new Rows<double>(Array.Empty<double>(), 2), Throws.ArgumentException);
        Assert.That(() => new Rows<double>(new double[4], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void SelectAndWidened_SomeVectors_KeepTheirNumbers()
    {
        var rows = new Rows<float>(new[] { 1f, 2, 3, 4, 0.1f, 6 }, 2);

        Assert.That(rows.Count, Is.EqualTo(3));
        Assert.That(rows.Select([2, 0, 2]).Values.ToArray(), Is.EqualTo([0.1f, 6, 1, 2, 0.1f, 6]));
        Assert.That(rows.Widened()[2].ToArray(), Is.EqualTo([(double)0.1f, 6]));
    }

    [Test]
    public void Draw_PartOfASet_TakesEachSampleAtMostOnceAndAllAsOften()
    {
        int[] taken = new int[10];
        for (int draw = 0; draw < 3000; draw++)
        {
            int[] subset = Subset.Draw(10, 4, seed: 7, draw);
            Assert.That(subset.Distinct().Count(), Is.EqualTo(4));
            foreach (int n in subset)
            {
                taken[n]++;
            }
        }

        // 1200 times each, with a standard deviation of 27.
        Assert.That(taken, Is.All.EqualTo(1200).Within(135));
        Assert.That(Subset.Draw(10, 4, seed: 7, draw: 1), Is.EqualTo(Subset.Draw(10, 4, seed: 7, draw: 1)));
        Assert.That(() => Subset.Draw(3, 4, seed: 7), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
