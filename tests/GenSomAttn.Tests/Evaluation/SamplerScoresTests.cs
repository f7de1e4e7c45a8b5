using GenSomAttn.Model.Evaluation;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Selection of σ for the isotropic sampler.</summary>
public sealed class SamplerScoresTests
{
    [TestCase(new double[] { 5, 4, 3, 9 }, 2, 4)]
    [TestCase(new double[] { 5, 6, 1, 0 }, 0, 2)]
    [TestCase(new double[] { 5, 4, 4, 1 }, 1, 3)]
    [TestCase(new double[] { 4, 3, 2, 1 }, 3, 4)]
    public void FirstLeast_Distances_IsTheValueBeforeTheFirstRiseAndLooksNoFurther(double[] distances, int expected, int looks)
    {
        var asked = new List<double>();
        double best = SamplerScores.FirstLeast([0, 1, 2, 3], value =>
        {
            asked.Add(value);
            return distances[(int)value];
        });

        Assert.That(best, Is.EqualTo(expected));
        Assert.That(asked, Is.EqualTo(Enumerable.Range(0, looks)));
    }
}
