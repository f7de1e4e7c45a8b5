using CsCheck;
using GenSomAttn.Model.Metrics;
using MathNet.Numerics.LinearAlgebra.Double;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The Fréchet distance: known values, invariances, and its lower bound.</summary>
public sealed class FrechetDistanceTests
{
    private static readonly double[] NoiseLevels = [0, 0.1, 0.2, 0.4, 0.8, 1.6];

    [Test]
    public void Between_UnitNormalsOneApartInThreeDimensions_IsThree()
    {
        Assert.That(FrechetDistance.Between(Diagonal(0, 1, 1, 1), Diagonal(1, 1, 1, 1)), Is.EqualTo(3).Within(1e-14));
    }

    [Test]
    public void Between_SingularCovariance_IsExactInBothOrders()
    {
        FeatureMoments unit = Diagonal(0, 1, 1, 1);
        FeatureMoments singular = Diagonal(0, 4, 9, 0);

        Assert.That(FrechetDistance.Between(unit, singular), Is.EqualTo(6).Within(1e-13));
        Assert.That(FrechetDistance.Between(singular, unit), Is.EqualTo(6).Within(1e-13));
    }

    [Test]
    public void Between_CovariancesThatDoNotCommute_IsTheKnownValue()
    {
        FeatureMoments first = new(new Rows<double>(new double[2], 2), new Rows<double>(new double[] { 2, 1, 1, 2 }, 2));
        FeatureMoments second = new(new Rows<double>(new double[2], 2), new Rows<double>(new double[] { 3, -1, -1, 1 }, 2));

        Assert.That(FrechetDistance.Between(first, second), Is.EqualTo(1.3972795044568622).Within(1e-14));
    }

    [Test]
    public void Between_2048Dimensions_IsTheSquaredDistanceOfTheMeans()
    {
        // The test of pytorch-fid. Tolerance: rounding of a sum of 2048 ones.
        double[] ones = [.. Enumerable.Repeat(1.0, 2048)];

        Assert.That(FrechetDistance.Between(Diagonal(0, ones), Diagonal(1, ones)), Is.EqualTo(2048).Within(1e-9));
    }

    [Test]
    public void Between_DiagonalCovariances_IsTheClosedForm()
    {
        Gen.Select(Gen.Double[0, 4], Gen.Double[0, 4]).Array[1, 12].Sample(
            variances =>
            {
                FeatureMoments first = Diagonal(0, [.. variances.Select(pair => pair.Item1)]);
                FeatureMoments second = Diagonal(0.5, [.. variances.Select(pair => pair.Item2)]);
                double expected = variances.Sum(pair => 0.25 + Math.Pow(Math.Sqrt(pair.Item1) - Math.Sqrt(pair.Item2), 2));

                // An eigenvalue of up to 16 that rounding hides below 12 · 2.2e-16 · 16 has a root of up to 2e-7.
                Assert.That(FrechetDistance.Between(first, second), Is.EqualTo(expected).Within(1e-6));
            },
            iter: 100, threads: 1);
    }

    [Test]
    public void Between_GaussiansTurnedAlike_IsTheClosedForm()
    {
        // Covariances with the same eigenvectors, those of a reflection 1 - 2 u uᵀ: |m₁ - m₂|² + Σ (√a - √b)², over six decades.
        const int Dimension = 300;
        double[] first = [.. Enumerable.Range(0, Dimension).Select(d => Math.Pow(10, -6.0 * d / Dimension))];
        double[] second = [.. first.Reverse().Select(variance => 2 * variance)];
        double[] direction = Features.Normal(1, Dimension, 3).Values.ToArray();
        double length = Math.Sqrt(direction.Sum(value => value * value));
        double[] u = [.. direction.Select(value => value / length)];
        double expected = (0.25 * Dimension) + first.Zip(second, (a, b) => Math.Pow(Math.Sqrt(a) - Math.Sqrt(b), 2)).Sum();

        double distance = FrechetDistance.Between(Turned(0, first, u), Turned(0.5, second, u));

        // The rounding of traces of some 22.
        Assert.That(distance, Is.EqualTo(expected).Within(1e-10));
    }

    [Test]
    public void Between_FewerSamplesThanFeatures_MatchesTheNuclearNorm()
    {
        // Tr (C₁ C₂)^½ is the sum of the singular values of X₁ X₂ᵀ / √((n₁ - 1) (n₂ - 1)), X centered: no root of a covariance in it.
        Rows<double> first = Features.Normal(20, 33, 1);
        Rows<double> second = Features.Normal(25, 33, 2, scale: 1.5, shift: 0.3);
        (DenseMatrix x, double[] mean, double trace) = Centered(first);
        (DenseMatrix y, double[] otherMean, double otherTrace) = Centered(second);
        double expected = mean.Zip(otherMean, (m, o) => (m - o) * (m - o)).Sum() + trace + otherTrace
            - (2 * x.TransposeAndMultiply(y).Svd(false).S.Sum());

        // Square roots of eigenvalues of 0 with rounding errors would be about 1e-7.
        Assert.That(FrechetDistance.Between(first, second), Is.EqualTo(expected).Within(1e-10));
    }

    [TestCase(200, 33)]
    [TestCase(20, 33)]
    [TestCase(2, 5)]
    public void Between_SetAndItself_IsZero(int count, int dimension)
    {
        Rows<double> rows = Features.Normal(count, dimension, 1, scale: 2);

        // Rounding of sums of size 4 · 33.
        Assert.That(FrechetDistance.Between(rows, rows), Is.Zero.Within(1e-11));
        Assert.That(FrechetDistance.Between(rows, Features.Reversed(rows)), Is.Zero.Within(1e-11));
    }

    [Test]
    public void Between_AnySets_IsSymmetricKeptByRotationAndQuadraticInScale()
    {
        Gen.Select(Gen.UInt[0, 1000], Gen.Int[1, 12], Gen.Double[0.1, 10]).Sample(
            (stream, dimension, scale) =>
            {
                Rows<double> first = Features.Normal(40, dimension, 2 * stream);
                Rows<double> second = Features.Normal(50, dimension, (2 * stream) + 1, scale: 1.3, shift: 0.2);
                Rows<double> rotation = Rotation(dimension, stream);
                double distance = FrechetDistance.Between(first, second);
                double turned = FrechetDistance.Between(RowProducts.Of(first, rotation), RowProducts.Of(second, rotation));
                double scaled = FrechetDistance.Between(
                    Features.Changed(first, (x, _) => scale * x), Features.Changed(second, (x, _) => scale * x));

                // Rounding of sums of up to 12 numbers of size 1; the smallest eigenvalues are well above it.
                Assert.That(FrechetDistance.Between(second, first), Is.EqualTo(distance).Within(1e-11));
                Assert.That(turned, Is.EqualTo(distance).Within(1e-11));
                Assert.That(scaled / (scale * scale), Is.EqualTo(distance).Within(1e-11));
            },
            iter: 30, threads: 1);
    }

    [Test]
    public void Between_SetAndItselfWithNoise_GrowsWithTheNoise()
    {
        Rows<double> rows = Features.Normal(400, 12, 1);
        Rows<double> noise = Features.Normal(400, 12, 2);
        double[] distances = [.. NoiseLevels.Select(level =>
            FrechetDistance.Between(rows, Features.Changed(rows, (x, i) => x + (level * noise.Values[i]))))];

        Assert.That(distances, Is.Ordered.Ascending);
        Assert.That(distances[1], Is.GreaterThan(1e-6));
        Assert.That(distances[^1], Is.GreaterThan(1));
    }

    [TestCase(64, false, 1000, 2.208, 0.0005)]
    [TestCase(64, false, 5000, 0.4416, 0.00005)]
    [TestCase(128, true, 1000, 0.1858, 0.00005)]
    [TestCase(128, true, 10_000, 0.01858, 0.000005)]
    [TestCase(256, true, 10_000, 0.03643, 0.000005)]
    [TestCase(2048, true, 2500, 1.1407, 0.00005)]
    public void PredictedFloor_KnownSpectra_IsTheKnownValue(int dimension, bool harmonic, int samples, double expected, double digits)
    {
        FeatureMoments moments = Diagonal(0, [.. Enumerable.Range(1, dimension).Select(i => harmonic ? 1.0 / i : 1)]);

        Assert.That(FrechetDistance.PredictedFloor(moments, samples, samples), Is.EqualTo(expected).Within(digits));
    }

    [Test]
    public void PredictedFloor_SetsOfTwoSizes_CountsTheReciprocalsOfBoth()
    {
        FeatureMoments moments = Diagonal(0, [.. Enumerable.Repeat(1.0, 64)]);

        // 64 + (64² + 64) / 4 = 1104, times 1/1000 + 1/5000.
        Assert.That(FrechetDistance.PredictedFloor(moments, 1000, 5000), Is.EqualTo(1.3248).Within(1e-12));
        Assert.That(FrechetDistance.PredictedFloor(moments, 5000, 1000), Is.EqualTo(1.3248).Within(1e-12));
    }

    [Test]
    public void PredictedFloor_OfHalves_IsTheirMeanDistance()
    {
        const int Repeats = 20;
        double halves = 0;
        double predicted = 0;
        for (uint repeat = 0; repeat < Repeats; repeat++)
        {
            Rows<double> rows = Features.Changed(Features.Normal(801, 16, repeat), (x, i) => x / (1 + (i % 16)));
            halves += OfHalves(rows, repeat) / Repeats;
            predicted += FrechetDistance.PredictedFloor(FeatureMoments.Of(rows), 400, 400) / Repeats;
        }

        // One distance varies by less than 25 % (in effect some 30 squares of normal numbers), 20 of them by 6 %; second order: 2 %.
        Assert.That(halves, Is.EqualTo(predicted).Within(20).Percent);
    }

    [Test]
    public void Between_HalvesOfFourNumbers_IsThatOfTheirThreePairings()
    {
        // Of pairs {a, b} and {c, d}: ((a + b) / 2 - (c + d) / 2)² + (|a - b| / √2 - |c - d| / √2)², divided by N - 1 = 1.
        static double OfPairs(double a, double b, double c, double d) =>
            Math.Pow((a + b - c - d) / 2, 2) + (Math.Pow(Math.Abs(a - b) - Math.Abs(c - d), 2) / 2);
        var rows = new Rows<double>(new double[] { 1, 2, 5, 14 }, 1);
        double[] pairings = [OfPairs(1, 2, 5, 14), OfPairs(1, 5, 2, 14), OfPairs(1, 14, 2, 5)];
        double[] halves = [.. Enumerable.Range(0, 30).Select(seed => OfHalves(rows, (ulong)seed))];

        // Rounding of numbers of up to 100. None of 30 draws is a given pairing once in 200,000 times.
        Assert.That(halves, Is.All.Matches<double>(half => pairings.Any(pairing => Math.Abs(half - pairing) < 1e-11)));
        Assert.That(pairings, Is.All.Matches<double>(pairing => halves.Any(half => Math.Abs(half - pairing) < 1e-11)));
    }

    [Test]
    public void Between_OneSampleOrOtherFeatures_AreRefused()
    {
        Rows<double> rows = Features.Normal(5, 3, 1);

        Assert.That(() => FrechetDistance.Between(rows, Features.Normal(1, 3, 2)), Throws.ArgumentException);
        Assert.That(() => FrechetDistance.Between(rows, Features.Normal(5, 4, 2)), Throws.ArgumentException);
        Assert.That(() => new FeatureMoments(rows, rows), Throws.ArgumentException);
    }

    /// <summary>A normal distribution with these variances along the columns of 1 - 2 u uᵀ.</summary>
    private static FeatureMoments Turned(double mean, double[] variances, double[] u)
    {
        int size = variances.Length;
        double Column(int row, int k) => (row == k ? 1 : 0) - (2 * u[row] * u[k]);
        double[] covariance = new double[size * size];
        for (int i = 0; i < covariance.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, size);
            for (int k = 0; k < size; k++)
            {
                covariance[i] += variances[k] * Column(row, k) * Column(column, k);
            }
        }

        double[] means = [.. Enumerable.Repeat(mean, size)];
        return new FeatureMoments(new Rows<double>(means, size), new Rows<double>(covariance, size));
    }

    private static FeatureMoments Diagonal(double mean, params double[] variances)
    {
        int dimension = variances.Length;
        double[] covariance = new double[dimension * dimension];
        for (int d = 0; d < dimension; d++)
        {
            covariance[(d * dimension) + d] = variances[d];
        }

        return new FeatureMoments(
            new Rows<double>(Enumerable.Repeat(mean, dimension).ToArray(), dimension), new Rows<double>(covariance, dimension));
    }

    /// <summary>Returns the deviations from the mean divided by √(N - 1), the mean, and the sum of the variances.</summary>
    private static (DenseMatrix Deviations, double[] Mean, double Trace) Centered(Rows<double> rows)
    {
        var deviations = new DenseMatrix(rows.Count, rows.Dimension);
        double[] mean = new double[rows.Dimension];
        for (int d = 0; d < rows.Dimension; d++)
        {
            mean[d] = Enumerable.Range(0, rows.Count).Average(n => rows[n][d]);
            for (int n = 0; n < rows.Count; n++)
            {
                deviations[n, d] = (rows[n][d] - mean[d]) / Math.Sqrt(rows.Count - 1);
            }
        }

        return (deviations, mean, deviations.Values.Sum(x => x * x));
    }

    private static Rows<double> Rotation(int dimension, uint stream) =>
        new(new DenseMatrix(dimension, dimension, Features.Normal(dimension, dimension, stream + 5000).Values.ToArray())
            .QR().Q.ToRowMajorArray(), dimension);

    /// <summary>The distance of two random halves of a set; if their number is odd, one is left out.</summary>
    private static double OfHalves(Rows<double> features, ulong seed)
    {
        int half = features.Count / 2;
        int[] order = Subset.Draw(features.Count, 2 * half, seed);
        return FrechetDistance.Between(features.Select(order.AsSpan(0, half)), features.Select(order.AsSpan(half)));
    }
}
