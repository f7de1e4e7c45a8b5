using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Training;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>Initial codebooks from codes.</summary>
public sealed class CodebookStartTests
{
    [Test]
    public void Cycle_FewerCodesThanUnits_BeginsAgain()
    {
        var codes = new Rows<float>(new float[] { 1, 2, 3, 4 }, 2);

        Assert.That(CodebookStart.Cycle(codes, 3), Is.EqualTo(new float[] { 1, 2, 3, 4, 1, 2 }));
    }

    [Test]
    public void Plane_CodesOnTwoAxes_SpansThemFromMinusToPlusOneDeviation()
    {
        // Mean (5, 1, 0); ±2 along the second element, ±1 along the third: variances 4 / 2 and 1 / 2.
        var codes = new Rows<float>(new float[] { 5, 3, 0, 5, -1, 0, 5, 1, 1, 5, 1, -1 }, 3);

        float[] tall = CodebookStart.Plane(codes, height: 3, width: 2);
        float[] wide = CodebookStart.Plane(codes, height: 1, width: 3);

        float large = MathF.Sqrt(2), small = MathF.Sqrt(0.5f);
        float[] expected =
        [
            5, 1 - large, -small, 5, 1 - large, small,
            5, 1, -small, 5, 1, small,
            5, 1 + large, -small, 5, 1 + large, small,
        ];
        Assert.That(tall, Is.EqualTo(expected).Within(1e-6));
        Assert.That(wide, Is.EqualTo(new float[] { 5, 1 - large, 0, 5, 1, 0, 5, 1 + large, 0 }).Within(1e-6));
    }

    [Test]
    public void Plane_CodesOfOneNumber_LeavesTheShorterSideConstant()
    {
        var codes = new Rows<float>(new float[] { 0, 2 }, 1);

        Assert.That(CodebookStart.Plane(codes, height: 2, width: 3), Is.EqualTo(new float[] { 0, 1, 2, 0, 1, 2 }).Within(1e-6));
    }
}
