using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Baselines;

/// <summary>The mixture of Gaussians, fitted by EM.</summary>
public sealed class GaussianMixtureTests
{
    private const int Count = 6000;

    /// <summary>
    /// Two thirds around (-2, 0) with variances 1 and 0.25; one third around (3, 1) with variances 0.25 and 1, covariance 0.3.
    /// </summary>
    private static readonly Rows<float> Codes = Drawn();

    [Test]
    public void Fit_TwoDistributions_FindsSharesMeansAndLikelihood()
    {
        var mixture = GaussianMixture.Fit(Codes, 2, seed: 3);
        int left = mixture.Means[0] < 0 ? 0 : 1;

        // Standard errors: of a share 0.006, of a mean less than 0.023.
        Assert.That(mixture.Weights[left], Is.EqualTo(2.0 / 3).Within(0.02));
        Assert.That(mixture.Weights[0] + mixture.Weights[1], Is.EqualTo(1).Within(1e-12));
        Assert.That(mixture.Means[2 * left], Is.EqualTo(-2).Within(0.06));
        Assert.That(mixture.Means[(2 * left) + 1], Is.EqualTo(0).Within(0.06));
        Assert.That(mixture.Means[2 * (1 - left)], Is.EqualTo(3).Within(0.06));
        Assert.That(mixture.Means[(2 * (1 - left)) + 1], Is.EqualTo(1).Within(0.06));

        // 11 fitted numbers exceed the true ones by 11 / (2 · 6000) on average; the shrunk covariance costs less than that.
        double truth = Enumerable.Range(0, Count).Average(n => LogDensity(Codes[n][0], Codes[n][1]));
        double single = GaussianMixture.Fit(Codes, 1, seed: 3).MeanLogLikelihood(Codes);
        Assert.That(mixture.MeanLogLikelihood(Codes), Is.EqualTo(truth).Within(0.01));
        Assert.That(single, Is.LessThan(truth - 0.5));
    }

    [Test]
    public void Fit_BeginningWithAWrongBorder_MovesItUntilTheSharesAreRight()
    {
        // At first half of the right third is counted to the left. Standard errors as above.
        int[] first = [.. Enumerable.Range(0, Count).Select(n => Codes[n][0] < 3 ? 0 : 1)];
        var mixture = GaussianMixture.Fit(Codes, 2, first);

        Assert.That(first.Count(component => component == 1), Is.EqualTo(Count / 6).Within(100));
        Assert.That(mixture.Weights[1], Is.EqualTo(1.0 / 3).Within(0.02));
        Assert.That(mixture.Means[2], Is.EqualTo(3).Within(0.06));
        Assert.That(mixture.Steps, Is.InRange(3, 99));
    }

    [TestCase(5, 70, 3)]
    [TestCase(4, 96, 3)]
    [TestCase(13, 210, 4)]
    [TestCase(1, 65, 3)]
    public void Fit_AwkwardSizes_AreThePlainStepsInTheSameOrder(int dimension, int count, int components)
    {
        // Groups overlap, so that codes belong to several components; one group is far away, so that some responsibilities are negligible.
        float[] values = Draw.Normal(count * dimension, 9);
        int[] first = [.. Enumerable.Range(0, count).Select(n => n % components)];
        for (int i = 0; i < values.Length; i++)
        {
            int group = first[i / dimension];
            values[i] += group == 0 ? 30 : 0.8f * group;
        }

        var codes = new Rows<float>(values, dimension);
        var mixture = GaussianMixture.Fit(codes, components, first);
        var plain = new PlainMixture(codes, components, first);
        for (int step = 0; step < mixture.Steps; step++)
        {
            plain.Step();
        }

        // The implementation leaves out responsibilities below 1e-8, of codes up to 30 away, in each of 30 EM steps.
        Assert.That(mixture.Steps, Is.GreaterThan(3));
        Assert.That(mixture.Weights.ToArray(), Is.EqualTo(plain.Weights).Within(3e-7));
        Assert.That(mixture.Means.ToArray(), Is.EqualTo(plain.Means.SelectMany(mean => mean)).Within(1e-5));
        Assert.That(mixture.MeanLogLikelihood(codes), Is.EqualTo(plain.MeanLogLikelihood()).Within(3e-7));
    }

    [TestCase(31)]
    [TestCase(33)]
    [TestCase(64)]
    public void MeanLogLikelihood_ManyCodes_IsTheMeanOfEachAlone(int count)
    {
        // Codes are processed in blocks of 32: the last ones of a block, and those of a partial block. A single code leaves out a
        // responsibility below 1e-8 that it may have within a block.
        var mixture = GaussianMixture.Fit(Codes, 2, seed: 3);
        double[] alone = [.. Enumerable.Range(0, count).Select(n => mixture.MeanLogLikelihood(Codes.Select([n])))];

        Assert.That(mixture.MeanLogLikelihood(Codes.Select([.. Enumerable.Range(0, count)])), Is.EqualTo(alone.Average()).Within(1e-8));
        Assert.That(alone.Distinct().Count(), Is.EqualTo(count));
    }

    [Test]
    public void MeanLogLikelihood_OneDistribution_IsThatOfItsShrunkCovariance()
    {
        // 32 codes: covariances count half. Variances 2 and 0.5, covariance 0.8 become 2, 0.5 and 0.4, mean (1, -2).
        float[] values = new float[64];
        for (int n = 0; n < 32; n++)
        {
            double angle = 2 * Math.PI * n / 32;
            values[2 * n] = (float)(1 + (2 * Math.Cos(angle)));
            values[(2 * n) + 1] = (float)(-2 + (0.8 * Math.Cos(angle)) + (0.6 * Math.Sin(angle)));
        }

        var mixture = GaussianMixture.Fit(new Rows<float>(values, 2), 1, seed: 1);
        (double xx, double yy, double xy) = (2 + 1e-6, 0.5 + 1e-6, 0.4);
        double determinant = (xx * yy) - (xy * xy);
        (double x, double y) = (0.5, 1.5); // away from the mean
        double distance = ((yy * x * x) - (2 * xy * x * y) + (xx * y * y)) / determinant;
        double expected = -Math.Log(2 * Math.PI) - (0.5 * Math.Log(determinant)) - (0.5 * distance);

        // Codes are rounded to float.
        Assert.That(mixture.MeanLogLikelihood(new Rows<float>(new[] { 1.5f, -0.5f }, 2)), Is.EqualTo(expected).Within(1e-5));
        Assert.That(mixture.Means.ToArray(), Is.EqualTo([1.0, -2]).Within(1e-6));
    }

    [Test]
    public void Sample_ManyCodes_HasTheMomentsOfTheData()
    {
        float[] drawn = GaussianMixture.Fit(Codes, 2, seed: 3).Sample(Count, seed: 11);
        double[] moments = Moments(drawn);
        double[] expected = Moments(Codes.Values.ToArray());

        // Standard errors of both sets together: 0.047 for the mean of variance 6.4, 0.12 for the fourth-moment bound of the variance.
        Assert.That(moments[0], Is.EqualTo(expected[0]).Within(0.14));
        Assert.That(moments[1], Is.EqualTo(expected[1]).Within(0.06));
        Assert.That(moments[2], Is.EqualTo(expected[2]).Within(0.4));
        Assert.That(moments[3], Is.EqualTo(expected[3]).Within(0.06));
        Assert.That(moments[4], Is.EqualTo(expected[4]).Within(0.12));
    }

    [Test]
    public void FitAndSample_Seeds_DecideEveryBit()
    {
        var rows = Codes.Select([.. Enumerable.Range(0, 400)]);
        float[] drawn = GaussianMixture.Fit(rows, 4, seed: 3).Sample(9, seed: 1);

        Compare.SameBits("codes", GaussianMixture.Fit(rows, 4, seed: 3).Sample(9, seed: 1), drawn);
        Assert.That(GaussianMixture.Fit(rows, 4, seed: 3).Sample(9, seed: 2), Is.Not.EqualTo(drawn));
    }

    [Test]
    public void Sample_Temperature_ScalesTheDeviationsFromTheMeans()
    {
        var mixture = GaussianMixture.Fit(Codes, 2, seed: 3);
        float[] means = mixture.Sample(200, seed: 11, temperature: 0);
        float[] whole = mixture.Sample(200, seed: 11);
        float[] quarter = mixture.Sample(200, seed: 11, temperature: 0.25);

        // Codes of size up to 7 are rounded to float.
        Assert.That(quarter, Is.EqualTo(means.Zip(whole, (mean, code) => mean + (0.25 * (code - mean)))).Within(1e-6));
        float[] centers = [(float)mixture.Means[0], (float)mixture.Means[2]];
        Assert.That(means.Where((_, i) => i % 2 == 0).Distinct(), Is.EquivalentTo(centers));
    }

    [Test]
    public void Sample_OtherSeed_HasOtherNoiseAndOtherComponents()
    {
        // With one component, codes differ by noise only; at temperature 0, by component only.
        var one = GaussianMixture.Fit(Codes, 1, seed: 3);
        var two = GaussianMixture.Fit(Codes, 2, seed: 3);

        Assert.That(one.Sample(9, seed: 2), Is.Not.EqualTo(one.Sample(9, seed: 1)));
        Assert.That(two.Sample(50, seed: 2, temperature: 0), Is.Not.EqualTo(two.Sample(50, seed: 1, temperature: 0)));
    }

    [Test]
    public void Fit_MoreComponentsThanAGroupNeeds_StaysFinite()
    {
        // Nine points, 40 times each, and nine components of zero variance.
        float[] places = [.. Draw.Normal(18, 6)];
        var rows = new Rows<float>(Enumerable.Repeat(places, 40).SelectMany(p => p).ToArray(), 2);
        var mixture = GaussianMixture.Fit(rows, 9, seed: 2);

        Assert.That(mixture.Weights.ToArray(), Is.All.EqualTo(1.0 / 9).Within(1e-9));
        Assert.That(mixture.Sample(100, seed: 1), Is.All.Matches<float>(float.IsFinite));
        Assert.That(mixture.Steps, Is.LessThan(5));
    }

    [TestCase(42, 43)]
    [TestCase(1, 20)]
    [TestCase(1, 1)]
    public void Fit_FewerDifferentCodesThanComponents_HasOneForEach(int different, int count)
    {
        float[] places = Draw.Normal(2 * different, 6);
        var codes = new Rows<float>(Enumerable.Range(0, 2 * count).Select(i => places[i % places.Length]).ToArray(), 2);
        var mixture = GaussianMixture.Fit(codes, 144, seed: 2);
        float[] drawn = mixture.Sample(200, seed: 1);

        // The minimum variance is 10⁻⁶, so a sample lies near the code that it is drawn around.
        double[] distances = [.. Enumerable.Range(0, 200).Select(n => Enumerable.Range(0, different).Min(
            at => Math.Max(Math.Abs(drawn[2 * n] - places[2 * at]), Math.Abs(drawn[(2 * n) + 1] - places[(2 * at) + 1]))))];
        Assert.That(mixture.Weights.Length, Is.EqualTo(different));
        Assert.That(mixture.Weights.ToArray().Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(double.IsFinite(mixture.MeanLogLikelihood(codes)));
        Assert.That(distances, Is.All.LessThan(0.006));
    }

    private static Rows<float> Drawn()
    {
        float[] noise = Draw.Normal(2 * Count, 5);
        for (int n = 0; n < Count; n++)
        {
            (float x, float y) = (noise[2 * n], noise[(2 * n) + 1]);
            (noise[2 * n], noise[(2 * n) + 1]) = n % 3 < 2
                ? (x - 2, 0.5f * y)
                : (3 + (0.5f * x), 1 + (0.6f * x) + (0.8f * y));
        }

        return new Rows<float>(noise, 2);
    }

    private static double LogDensity(double x, double y)
    {
        double left = Math.Exp(-0.5 * (((x + 2) * (x + 2)) + (4 * y * y))) / (2 * Math.PI * 0.5);
        (double u, double v) = (x - 3, y - 1); // determinant 0.25 · 1 - 0.3² = 0.16
        double right = Math.Exp(-0.5 * ((u * u) - (0.6 * u * v) + (0.25 * v * v)) / 0.16) / (2 * Math.PI * 0.4);
        return Math.Log((2 * left / 3) + (right / 3));
    }

    /// <summary>Means of both elements, their variances, and the covariance.</summary>
    private static double[] Moments(float[] codes)
    {
        double[] sums = new double[5];
        int count = codes.Length / 2;
        for (int n = 0; n < count; n++)
        {
            (double x, double y) = (codes[2 * n], codes[(2 * n) + 1]);
            double[] terms = [x, y, x * x, y * y, x * y];
            for (int i = 0; i < terms.Length; i++)
            {
                sums[i] += terms[i] / count;
            }
        }

        return
        [
            sums[0], sums[1], sums[2] - (sums[0] * sums[0]), sums[3] - (sums[1] * sums[1]), sums[4] - (sums[0] * sums[1]),
        ];
    }
}
