using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Pictures;

/// <summary>Figure of the clusters of units: each prototype in the color and with the number of its cluster, and outlines.</summary>
public static class ClusterFigure
{
    /// <summary>Draws the clusters with a legend.</summary>
    /// <param name="clusters">The clusters.</param>
    /// <param name="prototypes">(U, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of a prototype.</param>
    public static Figure Draw(UnitClusters clusters, float[] prototypes, MapGrid grid, ImageShape shape)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        string[] names = [.. Enumerable.Range(0, clusters.Count).Select(cluster => $"cluster {cluster}")];
        UnitLabel[] labels = [.. clusters.OfUnit.Select(cluster => new UnitLabel(cluster, 1))];
        Picture picture = LabelMap.Draw("Clusters of units, by Ward's method", labels, prototypes, grid, shape, names, withPurity: false);
        MapLayout layout = LabelMap.LayoutOf(grid, shape);
        layout.DrawOutlines(picture, clusters.OfUnit, Rgb.Outline);
        var table = new NumberTable("row", "column", "cluster", "silhouette");
        for (int unit = 0; unit < clusters.OfUnit.Count; unit++)
        {
            (int row, int column, int cluster) = (unit / grid.Width, unit % grid.Width, clusters.OfUnit[unit]);
            table.AddRow(row, column, cluster, clusters.Silhouettes[unit]);
            LabelMap.DrawNumber(picture, cluster, layout.X(column, row), layout.Y(row));
        }

        return new Figure(
            "clusters", picture, table,
            "Units with the same number and color are one cluster: their codebook vectors are near to each other.");
    }
}
