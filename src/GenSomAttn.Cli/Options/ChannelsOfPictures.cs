namespace GenSomAttn.Cli.Options;

/// <summary>Values of --channels.</summary>
internal enum ChannelsOfPictures
{
    /// <summary>As the pictures are.</summary>
    Auto,

    /// <summary>One channel.</summary>
    Gray,

    /// <summary>Red, green and blue.</summary>
    Color,
}
