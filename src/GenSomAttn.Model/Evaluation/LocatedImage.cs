namespace GenSomAttn.Model.Evaluation;

/// <summary>Where an image lies on a map: a row of the CSV file and an object of the JSON document of the command 'locate'.</summary>
public sealed record LocatedImage
{
    /// <summary>The columns of <see cref="Cells"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "file", "set", "index", "label", "row", "column", "distance", "second_row", "second_column", "second_distance", "neighbors",
        "neighbors4", "mse_e", "mse_q", "percentile", "cluster",
    ];

    /// <summary>Path of the picture, or its name in its data set; null for an image without a file of its own.</summary>
    public required string? File { get; init; }

    /// <summary>Set of a data set, "train" or "test"; null for a picture file.</summary>
    public required string? Set { get; init; }

    /// <summary>Index in the set, or among all located pictures, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Name of the class; null without labels.</summary>
    public required string? Label { get; init; }

    /// <summary>Row of the best matching unit (BMU).</summary>
    public required int Row { get; init; }

    /// <summary>Column of the BMU.</summary>
    public required int Column { get; init; }

    /// <summary>
    /// Euclidean distance |v - w| of the code to the BMU's codebook vector, in the latent space. Its mean over images is the quantization
    /// error.
    /// </summary>
    public required double Distance { get; init; }

    /// <summary>Row of the second-best matching unit; null on a map of one unit.</summary>
    public required int? SecondRow { get; init; }

    /// <summary>Column of the second-best matching unit.</summary>
    public required int? SecondColumn { get; init; }

    /// <summary>Euclidean distance of the code to the second-best matching unit's codebook vector.</summary>
    public required double? SecondDistance { get; init; }

    /// <summary>
    /// Whether both units are among the 8 neighbors of each other: the share of images without is the topographic error te8.
    /// </summary>
    public required bool? Neighbors { get; init; }

    /// <summary>Whether both units are among the 4 neighbors of each other, as in te4.</summary>
    public required bool? Neighbors4 { get; init; }

    /// <summary>Per-pixel mean squared error of D(v), the decoded code; null if the codes are not decoded.</summary>
    public required double? MseE { get; init; }

    /// <summary>Per-pixel mean squared error of D(w), the decoded codebook vector of the BMU; null likewise.</summary>
    public required double? MseQ { get; init; }

    /// <summary>
    /// Share of the training images, in percent, whose distance is at most this one's; null if their distances are not known.
    /// </summary>
    public required double? Percentile { get; init; }

    /// <summary>Cluster of the BMU, see <see cref="Clustering.UnitClusters"/>; null without clusters.</summary>
    public required int? Cluster { get; init; }

    /// <summary>Returns the cells of a row of a table.</summary>
    public IReadOnlyList<object?> Cells() =>
    [
        File, Set, Index, Label, Row, Column, Distance, SecondRow, SecondColumn, SecondDistance, Word(Neighbors), Word(Neighbors4), MseE,
        MseQ, Percentile, Cluster,
    ];

    // As in JSON.
    private static string? Word(bool? value) => value is { } known ? (known ? "true" : "false") : null;
}
