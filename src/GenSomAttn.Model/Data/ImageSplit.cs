namespace GenSomAttn.Model.Data;

/// <summary>A part of the images of a data set.</summary>
public enum ImageSplit
{
    /// <summary>The training images.</summary>
    Train,

    /// <summary>The test images.</summary>
    Test,

    /// <summary>The training images, then the test images.</summary>
    All,
}
