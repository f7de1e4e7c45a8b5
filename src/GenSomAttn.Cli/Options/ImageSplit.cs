namespace GenSomAttn.Cli.Options;

/// <summary>Values of --split.</summary>
internal enum ImageSplit
{
    /// <summary>Training images, then test images.</summary>
    All,

    /// <summary>The training images.</summary>
    Train,

    /// <summary>The test images.</summary>
    Test,
}
