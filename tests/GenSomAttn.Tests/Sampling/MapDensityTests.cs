using GenSomAttn.Kernels;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.Tests.Sampling;

/// <summary>The mixture of Gaussians that is fitted to the map by EM.</summary>
public sealed class MapDensityTests
{
    private const int Dimension = 2;

    [Test]
    public void Place_ManyNoises_HaveTheShrunkCovarianceOfTheUnit()
    {
        // 32 points on an ellipse around (1, -2): variances 2 and 0.58, covariance 0.3; n / (n + 32) = 1/2.
        const int Samples = 32;
        float[] codes = new float[Samples * Dimension];
        for (int n = 0; n < Samples; n++)
        {
            double angle = 2 * Math.PI * n / Samples;
            codes[2 * n] = (float)(1 + (2 * Math.Cos(angle)));
            codes[(2 * n) + 1] = (float)(-2 + (0.3 * Math.Cos(angle)) + (Math.Sqrt(1.07) * Math.Sin(angle)));
        }

        var density = MapDensity.Fit(new CodedImages(codes, Enumerable.Repeat(1, Samples).ToArray()), units: 3);

        double[] moments = Moments(density, unit: 1, temperature: 1);

        // Standard errors of 40,000 samples: 0.007 for the means, 0.014 for the larger variance.
        Assert.That(density.Hits.ToArray(), Is.EqualTo([0, Samples, 0]));
        Assert.That(moments[0], Is.EqualTo(1).Within(0.03));
        Assert.That(moments[1], Is.EqualTo(-2).Within(0.02));
        Assert.That(moments[2], Is.EqualTo(2).Within(0.06));
        Assert.That(moments[3], Is.EqualTo(0.58).Within(0.02));
        Assert.That(moments[4], Is.EqualTo(0.5 * 0.3).Within(0.02));
    }

    [Test]
    public void Place_Temperature_ScalesTheDeviations()
    {
        float[] codes = [0, 0, 2, 0, 0, 4, 2, 4];
        var density = MapDensity.Fit(new CodedImages(codes, new int[4]), units: 1);

        double[] moments = Moments(density, unit: 0, temperature: 0.5);

        Assert.That(moments[2], Is.EqualTo(0.25 * 1).Within(0.01));
        Assert.That(moments[3], Is.EqualTo(0.25 * 4).Within(0.04));
        Assert.That(Moments(density, unit: 0, temperature: 0)[2..], Is.All.Zero.Within(1e-10));
    }

    [Test]
    public void Place_UnitOfOneImage_StaysAtIt()
    {
        var density = MapDensity.Fit(Coded([3, 4], 0), units: 2);
        float[] code = new float[Dimension];

        density.Transform(0, [1, -1], 1, code);

        Assert.That(code, Is.EqualTo([3f, 4]).Within(2e-3));
    }

    [Test]
    public void Place_UnitWithoutImages_IsRefused()
    {
        var density = MapDensity.Fit(Coded([3, 4], 0), units: 2);

        Assert.That(
            () => density.Transform(1, [0, 0], 1, new float[Dimension]),
            Throws.TypeOf<SettingException>().With.Message.Contains("Unit 1"));
    }

    [Test]
    public void UnitAt_Zero_IsTheFirstUnitThatWins()
    {
        // Unit 0 has no mixture weight, and therefore no density to sample from.
        var density = MapDensity.Fit(Coded([3, 4, 8, 9], 1, 2), units: 3);

        Assert.That(density.UnitAt(0), Is.EqualTo(1));
        Assert.That(density.UnitAt(0.75), Is.EqualTo(2));
    }

    [Test]
    public void Place_UnitsThatOverlap_HaveTheirOwnDistributionsNotTheCutOnes()
    {
        // Half of the codes around (-1.5, 0), half around (1.5, 0), variances 1 and 4, cut where the first element is 0: what is won on
        // one side has variance 0.82 instead of 1 (1 - 1.5 m - m² = 0.77 for its own without their tail, m = φ(1.5) / Φ(1.5), and the
        // other's tail). The tolerances are ten standard errors of the samples; steps end before the last hundredth.
        const int Samples = 20_000;
        var key = new RandomKey(5, RandomPurpose.Check, 0);
        float[] codes = new float[Samples * Dimension];
        for (int n = 0; n < Samples; n++)
        {
            codes[2 * n] = Philox.Normal(key, (uint)(2 * n)) + (n % 2 == 0 ? -1.5f : 1.5f);
            codes[(2 * n) + 1] = 2 * Philox.Normal(key, (uint)((2 * n) + 1));
        }

        int[] winners = [.. Enumerable.Range(0, Samples).Select(n => codes[2 * n] < 0 ? 0 : 1)];
        var density = MapDensity.Fit(new CodedImages(codes, winners), units: 2);

        double[] left = Moments(density, unit: 0, temperature: 1);
        double[] right = Moments(density, unit: 1, temperature: 1);
        Assert.That(left[2], Is.EqualTo(1).Within(0.1));
        Assert.That(right[2], Is.EqualTo(1).Within(0.1));
        Assert.That(right[3], Is.EqualTo(4).Within(0.3));
        Assert.That(density.UnitAt(0.48), Is.Zero);
        Assert.That(density.UnitAt(0.52), Is.EqualTo(1));
    }

    private static CodedImages Coded(float[] codes, params int[] bmu) => new(codes, bmu);

    /// <summary>Means of both elements, their variances, and the covariance, of many draws.</summary>
    private static double[] Moments(MapDensity density, int unit, double temperature)
    {
        const int Draws = 40_000;
        RandomKey key = new(8, RandomPurpose.Check, 0);
        double[] sums = new double[5];
        float[] code = new float[Dimension];
        for (uint n = 0; n < Draws; n++)
        {
            density.Transform(unit, [Philox.Normal(key, 2 * n), Philox.Normal(key, (2 * n) + 1)], temperature, code);
            (double x, double y) = (code[0], code[1]);
            double[] terms = [x, y, x * x, y * y, x * y];
            for (int i = 0; i < terms.Length; i++)
            {
                sums[i] += terms[i] / Draws;
            }
        }

        return
        [
            sums[0], sums[1], sums[2] - (sums[0] * sums[0]), sums[3] - (sums[1] * sums[1]), sums[4] - (sums[0] * sums[1]),
        ];
    }
}
