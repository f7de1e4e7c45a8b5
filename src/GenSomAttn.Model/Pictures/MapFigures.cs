using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Pictures;

/// <summary>Figures of a trained map, with rows, columns and units numbered from 0.</summary>
public sealed class MapFigures
{
    /// <summary>Names of the figures that some maps do not have.</summary>
    public static readonly IReadOnlyList<string> Optional = ["labels", "clusters", "nearest"];

    private const int PathSteps = 16;
    private const int ImagesPerClass = 2;
    private const int MaxReconstructions = 20;
    private readonly SomAttnModel _model;
    private readonly Sampler _sampler;
    private readonly MapStatistics _statistics;
    private readonly ImageSet _images;
    private readonly IReadOnlyList<string> _classNames;
    private readonly string _noun;
    private readonly float[] _codebook;
    private readonly float[] _prototypes;

    /// <summary>Decodes the prototypes, which most of the figures show.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="statistics">Statistics per unit on the images.</param>
    /// <param name="dataset">The images and the names of the classes.</param>
    /// <param name="split">The part of the images that the statistics are of.</param>
    public MapFigures(SomAttnModel model, MapStatistics statistics, Dataset dataset, ImageSplit split)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        _model = model;
        _sampler = new Sampler(model);
        _statistics = statistics;
        _images = dataset.Of(split);
        _classNames = dataset.ClassNames;
        _noun = split switch
        {
            ImageSplit.Train => "training images",
            ImageSplit.Test => dataset.TestNoun,
            _ => "images",
        };
        _codebook = model.Map.Codebook.ToArray();
        _prototypes = new MapSampler(model).Prototypes();
    }

    /// <summary>Clusters of the units, which a figure shows; null for none.</summary>
    public UnitClusters? Clusters { get; init; }

    /// <summary>Units that stand for nothing, which get a frame; null for none.</summary>
    public UnitsOffData? OffData { get; init; }

    private MapGrid Grid => _model.Map.Grid;

    private int Columns => Grid.Width;

    private ImageShape Shape => _model.Shape;

    private string Capitalized => $"{char.ToUpperInvariant(_noun[0])}{_noun[1..]}";

    /// <summary>
    /// Draws all figures; those of the clusters and of the distances to training images only if they are given, and that of the classes
    /// only if the images have labels.
    /// </summary>
    /// <param name="path">Units of the path of images, at least two.</param>
    public IReadOnlyList<Figure> Draw(IReadOnlyList<int> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return
        [
            Prototypes(), UMatrixFigure.Draw(new UMatrix(_codebook, Grid), Clusters?.OfUnit),
            .. Clusters is { } clusters ? [ClusterFigure.Draw(clusters, _prototypes, Grid, Shape)] : Array.Empty<Figure>(),
            Hits(),
            .. _statistics.Labels is { } labels ? [Labels(labels)] : Array.Empty<Figure>(),
            Error(),
            .. OffData is { } offData ? [Nearest(offData)] : Array.Empty<Figure>(),
            Path(path), Reconstructions(),
        ];
    }

    /// <summary>Draws the decoded codebook vector D(w) of every unit at its grid position.</summary>
    private Figure Prototypes()
    {
        var table = new NumberTable(["row", "column", .. ValueNames()]);
        for (int unit = 0; unit < Grid.Units; unit++)
        {
            table.AddRow([unit / Columns, unit % Columns, .. Values(_prototypes.AsSpan(unit * Shape.Length, Shape.Length))]);
        }

        Picture picture = MapPicture.Draw(
            "What each unit stands for: its decoded codebook vector", _prototypes, Grid, Shape, OffData is null ? null : OffData.Includes);
        return new Figure(
            "prototypes", picture, table,
            "Neighbors are similar; the numbers of its row and its column name a unit, such as 3,11. A red frame marks a unit whose "
            + "image is like no training image.");
    }

    private Figure Hits()
    {
        double[] hits = [.. _statistics.Hits.Select(count => (double)count)];
        double[] drawn = [.. hits.Select(count => count == 0 ? double.NaN : count)];
        Picture picture = HeatMap.Draw(
            $"{Capitalized} that each unit wins", drawn, Grid, value => value.ToString("0", CultureInfo.InvariantCulture), "images", "0");
        return new Figure(
            "hits", picture, Table("hits", hits), "Gray units stand for no image; the more even the numbers, the better the map is used.");
    }

    private Figure Error()
    {
        const double Thousand = 1000;
        double[] errors = [.. _statistics.MseQ];
        Picture picture = HeatMap.Draw(
            $"Mean squared error of D(w) on each unit's {_noun}", errors, Grid,
            value => (value * Thousand).ToString("0.0", CultureInfo.InvariantCulture), "MSE x 1000");
        return new Figure(
            "error", picture, Table("error", errors),
            "High numbers are units whose picture fits their images badly; gray units have no images.");
    }

    private Figure Nearest(UnitsOffData offData)
    {
        var table = new NumberTable("row", "column", "nearest", "bound", "off_data");
        for (int unit = 0; unit < Grid.Units; unit++)
        {
            bool isOff = offData.Includes(unit);
            table.AddRow(unit / Columns, unit % Columns, offData.Distances[unit], offData.Bound, isOff ? "true" : "false");
        }

        Picture picture = HeatMap.Draw(
            "Distance of D(w) to the nearest training image, both of norm 1", [.. offData.Distances], Grid,
            value => value.ToString(".00", CultureInfo.InvariantCulture), "distance", isFramed: offData.Includes);
        return new Figure(
            "nearest", picture, table,
            "A red frame marks units that resemble all training images less than 95 % of the reconstructions of test images do.");
    }

    private NumberTable Table(string name, double[] values)
    {
        var table = new NumberTable("row", "column", name);
        for (int unit = 0; unit < values.Length; unit++)
        {
            table.AddRow(unit / Columns, unit % Columns, values[unit]);
        }

        return table;
    }

    private Figure Labels(IReadOnlyList<UnitLabel> labels)
    {
        var table = new NumberTable("row", "column", "label", "class", "purity", "hits");
        for (int unit = 0; unit < labels.Count; unit++)
        {
            (int label, double purity) = labels[unit];
            string? name = label < 0 ? null : _classNames[label];
            table.AddRow(unit / Columns, unit % Columns, label < 0 ? null : label, name, purity, _statistics.Hits[unit]);
        }

        Picture picture = LabelMap.Draw(
            "Majority class of each unit, with its purity as a bar", labels, _prototypes, Grid, Shape, _classNames, withPurity: true);
        return new Figure(
            "labels", picture, table,
            "The frame is the most frequent class of the unit's images, and the bar below the share of them that has it: full width is "
            + "all.");
    }

    /// <summary>Draws the path from unit to unit over the map and, for comparison, the straight lines in the latent space.</summary>
    private Figure Path(IReadOnlyList<int> path)
    {
        int dimension = _model.Map.Dimension;
        int steps = ((path.Count - 1) * (PathSteps - 1)) + 1;
        float[] over = MapPath.Through(
            _codebook, Columns, dimension, [.. path.Select(unit => ((double)(unit / Columns), (double)(unit % Columns)))], steps);

        // On a map of these units alone, side by side, the path over the map is the straight lines in the latent space.
        float[] own = [.. path.SelectMany(unit => Vector(unit, dimension).ToArray())];
        float[] straight = MapPath.Through(
            own, path.Count, dimension, [.. Enumerable.Range(0, path.Count).Select(at => (0.0, (double)at))], steps);
        ImageRow[] rows = [new("over the map", _sampler.Decode(over)), new("straight", _sampler.Decode(straight))];
        var table = new NumberTable(["path", "step", .. ValueNames()]);
        foreach (ImageRow row in rows)
        {
            for (int step = 0; step < steps; step++)
            {
                table.AddRow([row.Label, step, .. Values(row.Images.AsSpan(step * Shape.Length, Shape.Length))]);
            }
        }

        string title = $"From unit {string.Join(" to unit ", path.Select(unit => $"{unit / Columns},{unit % Columns}"))}";
        string[] places = [.. Enumerable.Range(0, steps).Select(step => Place(path, step * (path.Count - 1.0) / (steps - 1)))];
        return new Figure(
            "path", ImageRows.Draw(title, rows, Shape, StripScale(), places), table,
            "Above, the path over the map with its nearest unit (row,column); below, straight lines between the units' vectors.");
    }

    /// <summary>
    /// Draws images of each class, or the first where there are no labels, with D(v), their decoded codes, and D(w), the decoded codebook
    /// vectors of their BMUs.
    /// </summary>
    private Figure Reconstructions()
    {
        int count = Math.Min(MaxReconstructions, _model.MaxBatch);
        ChosenImages chosen = new(_images, _classNames, Math.Max(ImagesPerClass, count / Math.Max(1, _classNames.Count)), count);
        float[] images = chosen.Images.ToFloats();
        using DeviceBuffer<float> buffer = _model.Backend.Allocate<float>(images.Length);
        buffer.CopyFrom(images);
        Reconstruction made = _model.Reconstruct(buffer.View, chosen.Images.Count);
        int[] units = made.Winners.Bmu.ToArray();
        ImageRow[] rows = [new("image", images), new("D(v)", made.Images.ToArray()), new("D(w)", made.QuantizedImages.ToArray())];

        var table = new NumberTable([.. chosen.Columns, "row", "column", "shown", .. ValueNames()]);
        for (int n = 0; n < chosen.Images.Count; n++)
        {
            foreach (ImageRow row in rows)
            {
                ReadOnlySpan<float> image = row.Images.AsSpan(n * Shape.Length, Shape.Length);
                table.AddRow([.. chosen.Cells(n), units[n] / Columns, units[n] % Columns, row.Label, .. Values(image)]);
            }
        }

        string title = $"{Capitalized}, decoded from their latent vectors v and from their units' vectors w";
        return new Figure(
            "reconstructions", ImageRows.Draw(title, rows, Shape, StripScale(), chosen.Titles), table,
            "D(v) is what the code keeps of the image above it; D(w) is the picture of its unit, the same for all images of the unit.");
    }

    /// <summary>Returns the unit nearest to a position of a path, 0 at its first point and 1 at its second.</summary>
    private string Place(IReadOnlyList<int> path, double position)
    {
        int leg = Math.Min((int)position, path.Count - 2);
        double t = position - leg;
        double Between(int from, int to) => Math.Round(from + (t * (to - from)));
        (int first, int second) = (path[leg], path[leg + 1]);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Between(first / Columns, second / Columns)},{Between(first % Columns, second % Columns)}");
    }

    private ReadOnlySpan<float> Vector(int unit, int dimension) => _codebook.AsSpan(unit * dimension, dimension);

    private int StripScale() => Math.Clamp(56 / Shape.Side, 1, 4);

    /// <summary>
    /// Returns the columns of an image's values, p0, p1, ... row by row; of a color image p0_r, p0_g, p0_b, p1_r, ...
    /// </summary>
    private IEnumerable<string> ValueNames() => Enumerable.Range(0, Shape.Length).Select(value => Shape.Channels == ImageShape.Gray
        ? $"p{value}"
        : $"p{value / ImageShape.Color}_{"rgb"[value % ImageShape.Color]}");

    private static object?[] Values(ReadOnlySpan<float> image)
    {
        const int Decimals = 5;
        object?[] values = new object?[image.Length];
        for (int pixel = 0; pixel < image.Length; pixel++)
        {
            values[pixel] = MathF.Round(image[pixel], Decimals);
        }

        return values;
    }
}
