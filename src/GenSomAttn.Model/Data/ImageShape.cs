namespace GenSomAttn.Model.Data;

/// <summary>Shape of a square image: its values are (S, S, C), row by row, the channels of a pixel side by side (NHWC).</summary>
/// <param name="Side">S, rows, and columns.</param>
/// <param name="Channels">C: 1 for gray, 3 for red, green and blue.</param>
public readonly record struct ImageShape(int Side, int Channels)
{
    /// <summary>Channels of a gray image.</summary>
    public const int Gray = 1;

    /// <summary>Channels of a color image.</summary>
    public const int Color = 3;

    /// <summary>Values of an image, S·S·C.</summary>
    public int Length => Side * Side * Channels;

    /// <summary>Returns the shape in words, "28 x 28, gray", for messages.</summary>
    public override string ToString() => $"{Side} x {Side}, {(Channels == Gray ? "gray" : "color")}";
}
