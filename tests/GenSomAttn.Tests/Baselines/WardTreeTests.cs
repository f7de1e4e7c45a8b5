using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Baselines;

/// <summary>Ward's method, silhouette widths, and the clusters of units that both give.</summary>
public sealed class WardTreeTests
{
    /// <summary>Of sums of a few products in double.</summary>
    private const double Rounding = 1e-12;

    /// <summary>The example in the documentation of scipy.cluster.hierarchy.fcluster, with the distances that it prints.</summary>
    [Test]
    public void Of_FourCornersOfThreePoints_HasScipysDistancesAndClusters()
    {
        float[] corners = [0, 0, 0, 1, 1, 0, 0, 4, 0, 3, 1, 4, 4, 0, 3, 0, 4, 1, 4, 4, 3, 4, 4, 3];
        var tree = WardTree.Of(new Rows<float>(corners, 2));

        double[] distances =
            [1, 1, 1, 1, 1.29099445, 1.29099445, 1.29099445, 1.29099445, 5.77350269, 5.77350269, 8.16496581];
        Assert.That(tree.Distances, Is.EqualTo(distances).Within(5e-9), "to the printed digits");
        Assert.That(tree.Cut(12), Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(tree.Cut(4), Is.EqualTo([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]));
        Assert.That(tree.Cut(1), Is.All.Zero);
    }

    /// <summary>The chain merges in another order than Ward's method, and gets the same tree.</summary>
    [TestCase(40, 3)]
    [TestCase(97, 5)]
    public void Of_RandomVectors_IsTheTreeOfTheRecurrenceOnAllDistances(int count, int dimension)
    {
        var vectors = new Rows<float>(Draw.Normal(count * dimension, 7), dimension);
        var tree = WardTree.Of(vectors);
        (double[] distances, int[][] cuts) = ByRecurrence(vectors);

        Assert.That(tree.Distances, Is.EqualTo(distances).Within(Rounding));
        for (int clusters = 1; clusters <= count; clusters++)
        {
            Assert.That(tree.Cut(clusters), Is.EqualTo(cuts[clusters]), $"{clusters} clusters");
        }
    }

    [Test]
    public void Of_EqualVectors_EndsAndCuts()
    {
        var tree = WardTree.Of(new Rows<float>(new float[30], 3));

        Assert.That(tree.Distances, Is.EqualTo(new double[9]));
        Assert.That(tree.Cut(3).Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Silhouettes_OfHand_AreRousseeuws()
    {
        // Of 0: a = 1, b = (10 + 12) / 2. Of 10: a = 2, b = (10 + 9) / 2.
        var numbers = new Rows<float>(new float[] { 0, 1, 10, 12 }, 1);
        double[] widths = [10 / 11.0, 9 / 10.0, 7.5 / 9.5, 9.5 / 11.5];

        Assert.That(new SilhouetteWidths(numbers, [0, 0, 1, 1]).Of([0, 0, 1, 1]), Is.EqualTo(widths).Within(Rounding));
        var ofParts = new SilhouetteWidths(numbers, [0, 0, 1, 2]);
        Assert.That(ofParts.Of([0, 0, 1, 1]), Is.EqualTo(widths).Within(Rounding), "as merged parts");

        // 10 and 12 alone have no other vector of their cluster; the nearest cluster of 0 and 1 is that of 10.
        Assert.That(ofParts.Of([0, 0, 1, 2]), Is.EqualTo([9 / 10.0, 8 / 9.0, 0, 0]).Within(Rounding));
    }

    [Test]
    public void UnitClusters_ThreeGroups_AreFoundAndNumberedByTheirFirstUnits()
    {
        var groups = new Rows<float>(new float[] { 90, 50, 51, 0, 91, 1, 52, 92, 2 }, 1);
        int[] expected = [0, 1, 1, 2, 0, 2, 1, 0, 2];

        var chosen = UnitClusters.Of(groups, count: null);
        Assert.That(chosen.OfUnit, Is.EqualTo(expected));
        Assert.That(chosen.Count, Is.EqualTo(3));
        Assert.That(chosen.Silhouette, Is.EqualTo(new SilhouetteWidths(groups, expected).Of(expected).Average()).Within(Rounding));
        Assert.That(UnitClusters.Of(groups, 4).OfUnit.Distinct().Count(), Is.EqualTo(4));
        Assert.That(UnitClusters.Of(groups, 9).Silhouette, Is.Zero, "each unit is a cluster");
    }

    [Test]
    public void UnitClusters_WithoutGroups_AreOne()
    {
        Assert.That(UnitClusters.Of(new Rows<float>(new float[8], 2), count: null).Count, Is.EqualTo(1), "all units equal");
        UnitClusters ofOne = UnitClusters.Of(new Rows<float>(new float[2], 2), count: null);
        Assert.That((ofOne.Count, ofOne.Silhouette, ofOne.OfUnit[0]), Is.EqualTo((1, (double?)null, 0)));
        Assert.That(UnitClusters.Of(new Rows<float>(new float[] { 1, 2, 9 }, 1), count: 1).Count, Is.EqualTo(1));
    }

    /// <summary>Ward's method by the Lance-Williams recurrence of squared distances.</summary>
    private static (double[] Distances, int[][] Cuts) ByRecurrence(Rows<float> vectors)
    {
        int count = vectors.Count;
        double[,] squared = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                squared[i, j] = vectors[i].ToArray().Zip(vectors[j].ToArray(), (x, y) => ((double)x - y) * ((double)x - y)).Sum();
            }
        }

        int[] cluster = [.. Enumerable.Range(0, count)];
        List<double> distances = [];
        int[][] cuts = new int[count + 1][];
        cuts[count] = Numbered(cluster);
        for (int left = count - 1; left > 0; left--)
        {
            int[] alive = [.. cluster.Distinct()];
            (int a, int b) = (from i in alive from j in alive where i < j orderby squared[i, j] select (i, j)).First();
            (double sizeA, double sizeB) = (cluster.Count(own => own == a), cluster.Count(own => own == b));
            distances.Add(Math.Sqrt(squared[a, b]));
            foreach (int k in alive.Where(each => each != a && each != b))
            {
                double size = cluster.Count(own => own == k);
                double sum = ((sizeA + size) * squared[a, k]) + ((sizeB + size) * squared[b, k]) - (size * squared[a, b]);
                squared[a, k] = squared[k, a] = sum / (sizeA + sizeB + size);
            }

            cluster = Array.ConvertAll(cluster, own => own == b ? a : own);
            cuts[left] = Numbered(cluster);
        }

        return ([.. distances], cuts);
    }

    private static int[] Numbered(int[] clusters)
    {
        int[] order = [.. clusters.Distinct()];
        return Array.ConvertAll(clusters, own => Array.IndexOf(order, own));
    }
}
