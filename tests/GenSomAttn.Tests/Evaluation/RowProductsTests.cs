using CsCheck;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Products and distances in blocks, against plain loops.</summary>
public sealed class RowProductsTests
{
    /// <summary>Around the sizes of a tile (4 rows, 3 vectors), of a block (64 x 48) and of a vector (4, 8 or more numbers).</summary>
    private static readonly Gen<(int N, int M, int Dimension)> Sizes = Gen.Select(Gen.Int[1, 140], Gen.Int[1, 110], Gen.Int[1, 40]);

    [Test]
    public void Of_AnySizes_MatchesPlainLoops()
    {
        Sizes.Sample(
            sizes =>
            {
                Rows<double> a = Features.Normal(sizes.N, sizes.Dimension, 1);
                Rows<double> b = Features.Normal(sizes.M, sizes.Dimension, 2);
                Rows<double> products = RowProducts.Of(a, b);
                for (int n = 0; n < sizes.N; n++)
                {
                    for (int m = 0; m < sizes.M; m++)
                    {
                        double expected = 0;
                        for (int d = 0; d < sizes.Dimension; d++)
                        {
                            expected += a[n][d] * b[m][d];
                        }

                        // Sums of up to 40 products of size 1, in another order.
                        Assert.That(products[n][m], Is.EqualTo(expected).Within(1e-13));
                    }
                }
            },
            iter: 30, threads: 1);
    }

    [Test]
    public void SquaredDistances_AnySizes_MatchPlainLoops()
    {
        Sizes.Sample(
            sizes =>
            {
                Rows<double> a = Features.Normal(sizes.N, sizes.Dimension, 1);
                Rows<double> b = Features.Normal(sizes.M, sizes.Dimension, 2, scale: 2);
                Rows<double> distances = RowProducts.SquaredDistances(a, b);
                for (int n = 0; n < sizes.N; n++)
                {
                    for (int m = 0; m < sizes.M; m++)
                    {
                        Assert.That(distances[n][m], Is.EqualTo(Features.SquaredDistance(a[n], b[m])).Within(1e-12));
                    }
                }
            },
            iter: 20, threads: 1);
    }

    [Test]
    public void Of_SamePairAtAnyPlace_HasTheSameBits()
    {
        // 70 copies of one row times 53 of another: in tiles, at their edges, in the first block and in the last.
        float[] x = Draw.Normal(37, 3);
        float[] y = Draw.Normal(37, 4);
        var a = new Rows<float>(Enumerable.Repeat(x, 70).SelectMany(row => row).ToArray(), 37);
        var b = new Rows<float>(Enumerable.Repeat(y, 53).SelectMany(row => row).ToArray(), 37);

        float[] products = RowProducts.Of(a, b).Values.ToArray();

        Assert.That(products.Distinct(), Has.Exactly(1).Items);
        Assert.That(RowProducts.Of(b, a)[0][0], Is.EqualTo(products[0]));
    }

    [Test]
    public void VisitPairs_AnySizes_PassesEachPairOnceWithTheBitsOfAllProducts()
    {
        Sizes.Sample(
            sizes =>
            {
                Rows<double> rows = Features.Normal(sizes.N, sizes.Dimension, 1);
                double[] once = new double[sizes.N * sizes.N];
                double[] distances = new double[sizes.N * sizes.N];
                RowProducts.VisitPairs(rows, (row, first, values) => AddTo(once, row, first, values, sizes.N));
                RowProducts.VisitSquaredDistancesOfPairs(rows, (row, first, values) => AddTo(distances, row, first, values, sizes.N));

                double[] all = Above(RowProducts.Of(rows, rows));
                Assert.That(once, Is.EqualTo(all));
                Assert.That(distances, Is.EqualTo(Above(RowProducts.SquaredDistances(rows, rows))));
            },
            iter: 20, threads: 1);

        // A pair that came twice would have twice the value.
        static void AddTo(double[] sums, int row, int first, ReadOnlySpan<double> values, int count)
        {
            for (int i = 0; i < values.Length; i++)
            {
                sums[(row * count) + first + i] += values[i];
            }
        }

        static double[] Above(Rows<double> all) =>
            [.. from row in Enumerable.Range(0, all.Count)
                from column in Enumerable.Range(0, all.Count)
                select column > row ? all[row][column] : 0];
    }

    [Test]
    public void SquaredDistances_EqualRowsFarFromTheOrigin_AreExactlyZeroAndNeverNegative()
    {
        Rows<double> rows = Features.Normal(90, 33, 5, scale: 1e-7, shift: 1000);

        double[] distances = RowProducts.SquaredDistances(rows, rows).Values.ToArray();

        Assert.That(Enumerable.Range(0, 90).Select(n => distances[(n * 90) + n]), Is.All.Zero);
        Assert.That(distances, Is.All.AtLeast(0));
    }

    [Test]
    public void Of_OtherDimensions_AreRefused()
    {
        Assert.That(() => RowProducts.Of(Features.Normal(2, 3, 1), Features.Normal(2, 4, 1)), Throws.ArgumentException);
    }

    [Test]
    public void NearestRows_AnySizes_AreThoseOfPlainLoopsAndTheLowestOfEquals()
    {
        Sizes.Sample(
            sizes =>
            {
                // Whole numbers: every distance is exact, and many are equal.
                var a = new Rows<float>(Whole(sizes.N * sizes.Dimension, 1), sizes.Dimension);
                var b = new Rows<float>(Whole(sizes.M * sizes.Dimension, 2), sizes.Dimension);
                NearestRows nearest = NearestRows.Of(a, b);
                Rows<double> wideA = a.Widened();
                Rows<double> wideB = b.Widened();
                for (int n = 0; n < sizes.N; n++)
                {
                    double[] distances = [.. Enumerable.Range(0, sizes.M).Select(m => Features.SquaredDistance(wideA[n], wideB[m]))];
                    Assert.That(nearest.SquaredDistances[n], Is.EqualTo(distances.Min()));
                    Assert.That(nearest.Index[n], Is.EqualTo(Array.IndexOf(distances, distances.Min())));
                }
            },
            iter: 20, threads: 1);
    }

    [Test]
    public void Scores_ManyComputedAtOnce_HaveTheSameBits()
    {
        // More threads than processors, so that blocks are done in many orders.
        Rows<double> real = Features.Normal(700, 9, 1);
        Rows<double> made = Features.Normal(650, 9, 2, scale: 1.2);
        (double, double, Prdc)[] scores = new (double, double, Prdc)[24];
        Parallel.For(0, scores.Length, i =>
            scores[i] = (KernelDistance.Between(real, made), FrechetDistance.Between(real, made), Prdc.Of(real, made)));

        Assert.That(scores.Distinct(), Has.Exactly(1).Items);
    }

    private static float[] Whole(int length, uint stream) => [.. Draw.Indices(length, 3, stream).Select(x => (float)x)];
}
