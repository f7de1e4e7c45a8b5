namespace GenSomAttn.Model.Data;

/// <summary>Options of reading a data folder.</summary>
/// <param name="Limit">Maximum number of training images and of test images, from the first on; null keeps all.</param>
/// <param name="ImageSize">Side to which pictures of an image folder are resized; null for 28. Does not apply to files of arrays.</param>
/// <param name="SkipBroken">
/// Whether pictures of an image folder that cannot be read are left out; otherwise the first of them is an error.
/// </param>
/// <param name="Channels">
/// Channels as which pictures of an image folder are read, see <see cref="ImageShape"/>; null for those that the pictures have. Does not
/// apply to MNIST's files and NumPy's, which are read as they are.
/// </param>
public sealed record DataOptions(int? Limit = null, int? ImageSize = null, bool SkipBroken = false, int? Channels = null)
{
    /// <summary>Training images to hold out, see <see cref="Dataset.HoldOut"/>; null for none.</summary>
    public int? ValidationImages { get; init; }

    /// <summary>How the pictures of a folder are found and become images.</summary>
    public PictureReading Pictures { get; init; } = new();

    /// <summary>Receives the numbers of pictures read and of all after each picture of an image folder; null for none.</summary>
    public Action<int, int>? Progress { get; init; }

    /// <summary>
    /// Beginning of the path of temporary files for the pixels of an image folder, which may be more than the memory; null keeps them in
    /// memory.
    /// </summary>
    public string? Spool { get; init; }

    /// <summary>Whether the error about an unreadable picture names --skip-broken; false for verbs without that option.</summary>
    public bool AdvisesSkipping { get; init; } = true;
}
