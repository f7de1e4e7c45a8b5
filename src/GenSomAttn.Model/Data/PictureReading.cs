namespace GenSomAttn.Model.Data;

/// <summary>What lies behind transparent pixels and beside a padded picture.</summary>
public enum PictureBackground
{
    /// <summary>White, 255.</summary>
    White,

    /// <summary>Black, 0.</summary>
    Black,
}

/// <summary>How the pictures of a data set are found and become images.</summary>
public sealed record PictureReading
{
    /// <summary>Share of test images of pictures without labels, unless one is given.</summary>
    public const double UnlabeledTestShare = 0.05;

    /// <summary>How a picture that is not square becomes a square image.</summary>
    public PictureFit Fit { get; init; } = PictureFit.Crop;

    /// <summary>What lies behind transparent pixels and beside a padded picture.</summary>
    public PictureBackground Background { get; init; } = PictureBackground.White;

    /// <summary>
    /// Share of test pictures, in [0, 1), where no folder holds them; null for one in seven with labels, and
    /// <see cref="UnlabeledTestShare"/> without.
    /// </summary>
    public double? TestShare { get; init; }

    /// <summary>Whether symbolic links are followed.</summary>
    public bool FollowLinks { get; init; }

    /// <summary>
    /// Whether rows and columns of each image are exchanged, for files that store images transposed. Applies to IDX and NumPy files.
    /// </summary>
    public bool Flip { get; init; }

    /// <summary>The gray of the background.</summary>
    internal byte BackgroundGray => Background == PictureBackground.White ? (byte)255 : (byte)0;
}
