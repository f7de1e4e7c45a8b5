using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Clustering;

/// <summary>
/// Clusters of a map's units, by Ward's method on their codebook vectors. The units of one need not be neighbors.
/// </summary>
/// <param name="OfUnit">(U), the cluster of each unit, numbered from 0 in the order of their first units, row by row.</param>
/// <param name="Count">Number of clusters.</param>
/// <param name="Silhouettes">(U), the silhouette width of each unit, -1 to 1; null of a single cluster.</param>
public sealed record UnitClusters(IReadOnlyList<int> OfUnit, int Count, IReadOnlyList<double?> Silhouettes)
{
    /// <summary>Largest number of clusters that is chosen if none is given.</summary>
    public const int MaxChosen = 20;

    /// <summary>Mean silhouette width of the units; null of a single cluster.</summary>
    public double? Silhouette => Silhouettes.Average();

    /// <summary>Clusters units.</summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="count">
    /// Number of clusters, from 1 to U; null for the one from 2 to <see cref="MaxChosen"/> with the largest mean silhouette width, on a
    /// tie the smallest, or for one if none is above 0.
    /// </param>
    public static UnitClusters Of(Rows<float> codebook, int? count)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        var tree = WardTree.Of(codebook);
        int most = count ?? Math.Min(MaxChosen, codebook.Count - 1);
        var best = new UnitClusters(new int[codebook.Count], 1, new double?[codebook.Count]);
        if (most < 2)
        {
            return best;
        }

        var widths = new SilhouetteWidths(codebook, tree.Cut(most));
        double largest = 0;
        for (int clusters = count ?? 2; clusters <= most; clusters++)
        {
            int[] ofUnit = tree.Cut(clusters);
            double[] silhouettes = widths.Of(ofUnit);
            double mean = silhouettes.Average();
            if (count is not null || mean > largest)
            {
                (best, largest) = (new UnitClusters(ofUnit, clusters, Array.ConvertAll(silhouettes, width => (double?)width)), mean);
            }
        }

        return best;
    }
}
