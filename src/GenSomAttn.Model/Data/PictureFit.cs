namespace GenSomAttn.Model.Data;

/// <summary>How a picture that is not square becomes a square image.</summary>
public enum PictureFit
{
    /// <summary>The largest square in its middle is used.</summary>
    Crop,

    /// <summary>The whole picture is used, with the background beside it.</summary>
    Pad,

    /// <summary>The whole picture is used, and its shorter side stretched.</summary>
    Stretch,
}
