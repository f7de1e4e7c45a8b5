using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Baselines;

/// <summary>K-means.</summary>
public sealed class KMeansTests
{
    private static readonly Rows<float> Vectors = new(Draw.Normal(500 * 5, 1), 5);

    [TestCase(1ul)]
    [TestCase(2ul)]
    [TestCase(3ul)]
    public void Fit_SeparateGroups_FindsTheirMeans(ulong seed)
    {
        // Five groups of 40 around (20 g, 0, 0). K-means++ draws a second center in the same group less than once in 10,000 times.
        float[] values = Draw.Normal(200 * 3, 2);
        for (int n = 0; n < 200; n++)
        {
            values[3 * n] += 100 * (n % 5);
        }

        var vectors = new Rows<float>(values, 3);
        var fitted = KMeans.Fit(vectors, 5, seed);
        NearestRows nearest = fitted.Assign(vectors);

        for (int group = 0; group < 5; group++)
        {
            int[] members = [.. Enumerable.Range(0, 40).Select(i => (5 * i) + group)];
            int center = nearest.Index[group];
            Assert.That(members.Select(n => nearest.Index[n]), Is.All.EqualTo(center));
            for (int d = 0; d < 3; d++)
            {
                double mean = members.Average(n => (double)vectors[n][d]);
                Assert.That(fitted.Centers[center][d], Is.EqualTo((float)mean).Within(1).Ulps);
            }
        }
    }

    [Test]
    public void Fit_ThreeNumbersAndTwoCenters_DrawsTheSecondBySquaredDistance()
    {
        // 0 and 1 are the first centers with chance 1/3 · 1/(9 + 1) + 1/3 · 1/(4 + 1) = 1/10; by distances, it would be 0.19, and evenly
        // 1/3. The error of the first centers is 4/3 then, of others 1/3.
        const int Seeds = 2000;
        var vectors = new Rows<float>(new float[] { 0, 3, 1 }, 1);
        int near = Enumerable.Range(0, Seeds).Count(seed => KMeans.Fit(vectors, 2, (ulong)seed, maxSteps: 1).SquaredError > 1);

        // The standard error is 0.0067.
        Assert.That((double)near / Seeds, Is.EqualTo(0.1).Within(0.03));
    }

    [Test]
    public void Fit_MoreSteps_NeverRaiseTheError()
    {
        double[] errors = [.. Enumerable.Range(1, 12).Select(steps => KMeans.Fit(Vectors, 9, 4, steps).SquaredError)];

        // Centers are rounded to float.
        Assert.That(errors.Zip(errors.Skip(1), (before, after) => after - before), Is.All.LessThan(1e-6));
        Assert.That(errors[^1], Is.LessThan(0.95 * errors[0]));
    }

    [Test]
    public void Fit_UntilItStops_LeavesAnErrorThatAStepHardlyLowers()
    {
        var fitted = KMeans.Fit(Vectors, 9, 4);
        double after = fitted.Assign(Vectors).SquaredDistances.Average();

        Assert.That(fitted.Steps, Is.InRange(2, 99));
        Assert.That(after, Is.InRange(fitted.SquaredError * (1 - 1e-3), fitted.SquaredError + 1e-6));
    }

    [Test]
    public void Fit_CenterThatLosesEveryVector_StaysWhereItIs()
    {
        // Begun at 3.5, 4 and 8.3, the second center wins 4 and 6 and moves to 5; then 4 is nearer to 3.5, and 6 to the mean of the rest.
        var vectors = new Rows<float>((float[])[3.5f, 4, 6, .. Enumerable.Repeat(6.2f, 10), 8.3f], 1);
        const ulong Seed = 5269; // found by trying: one of some thousands draws these first centers
        double first = (4 + (10 * 2.1 * 2.1)) / 14; // 6 from 4, and ten times 6.2 from 8.3

        Assert.That(KMeans.Fit(vectors, 3, Seed, maxSteps: 1).SquaredError, Is.EqualTo(first).Within(1e-4), "the first centers");
        Assert.That(KMeans.Fit(vectors, 3, Seed).Centers.Values.ToArray(), Has.One.EqualTo(5f));
    }

    [Test]
    public void Fit_SameSeed_HasTheSameBits()
    {
        var first = KMeans.Fit(Vectors, 9, 4);

        Compare.SameBits("centers", KMeans.Fit(Vectors, 9, 4).Centers.Values, first.Centers.Values);
        Assert.That(KMeans.Fit(Vectors, 9, 5).Centers.Values.ToArray(), Is.Not.EqualTo(first.Centers.Values.ToArray()));
    }

    [Test]
    public void Fit_OneCenter_IsTheMean()
    {
        var fitted = KMeans.Fit(Vectors, 1, 1);

        Assert.That(fitted.Centers[0][2], Is.EqualTo(Enumerable.Range(0, 500).Average(n => (double)Vectors[n][2])).Within(1e-7));
    }

    [Test]
    public void Fit_AsManyCentersAsDifferentVectors_HasNoError()
    {
        var vectors = new Rows<float>(new float[] { 1, 2, 1, 2, 3, 4, 5, 6, 3, 4 }, 2);

        Assert.That(KMeans.Fit(vectors, 3, 7).SquaredError, Is.Zero);
    }

    [Test]
    public void Fit_FewerDifferentVectorsThanCenters_HasACenterForEach()
    {
        var vectors = new Rows<float>(new float[] { 1, 2, 1, 2, 3, 4, 5, 6, 3, 4 }, 2);
        var zeros = new Rows<float>(new float[] { 0, -0f, -0f, 0 }, 2);

        var fitted = KMeans.Fit(vectors, 144, 7);
        Assert.That(fitted.SquaredError, Is.Zero);
        Assert.That(Enumerable.Range(0, fitted.Centers.Count).Select(n => fitted.Centers[n][0]), Is.EquivalentTo([1f, 3, 5]));
        Assert.That(KMeans.Fit(zeros, 9, 1).Centers.Count, Is.EqualTo(1), "a zero has two signs");
        Assert.That(KMeans.Fit(new Rows<float>(new float[] { 7, 8 }, 2), 9, 1).Centers.Values.ToArray(), Is.EqualTo([7f, 8f]));
    }

    [Test]
    public void Fit_VectorsThatDifferByLessThanTheRoundingOfDistances_HasACenterForEach()
    {
        // Squares around 10⁶ are rounded to 0.06 in single precision, the squared distances are 10⁻⁶ to 10⁻⁵.
        var vectors = new Rows<float>((float[])[1000, 1000.001f, 1000.003f, 1000], 1);
        float[] drawn = KMeans.Fit(vectors, 9, 7).Centers.Values.ToArray();

        Assert.That(drawn, Has.Length.EqualTo(3).And.All.InRange(1000f, 1000.003f));
    }
}
