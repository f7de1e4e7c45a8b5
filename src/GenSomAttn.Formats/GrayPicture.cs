namespace GenSomAttn.Formats;

/// <summary>A grayscale picture.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">(Height, Width), 0 black to 255 white.</param>
public sealed record GrayPicture(int Width, int Height, byte[] Pixels);
