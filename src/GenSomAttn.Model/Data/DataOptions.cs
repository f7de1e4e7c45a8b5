namespace GenSomAttn.Model.Data;

/// <summary>What of a data folder is read, and how.</summary>
/// <param name="Limit">Keeps the first so many training images and the first so many test images; null keeps all.</param>
/// <param name="ImageSize">Side that the pictures of an image folder get; null for 28. MNIST's files have the side that they have.</param>
/// <param name="SkipBroken">Whether pictures of an image folder that cannot be read are left out; otherwise the first of them is an error.</param>
public sealed record DataOptions(int? Limit = null, int? ImageSize = null, bool SkipBroken = false)
{
    /// <summary>Whether the error about such a picture names the option that leaves it out; false where no such option is.</summary>
    public bool AdvisesSkipping { get; init; } = true;
}
