using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>A color with eight bits per channel.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    /// <summary>Color of the background.</summary>
    public static readonly Rgb White = Gray(255);

    /// <summary>Color of text.</summary>
    public static readonly Rgb Ink = Gray(32);

    /// <summary>Color of outlines over a map.</summary>
    public static readonly Rgb Outline = Hex(0xD7191C);

    /// <summary>Whether dark text has more contrast on this color than white text.</summary>
    /// <remarks>Luma weights of ITU-R BT.601.</remarks>
    public bool IsLight => ((299 * Red) + (587 * Green) + (114 * Blue)) / 1000 > 140;

    /// <summary>Returns a gray.</summary>
    public static Rgb Gray(byte level) => new(level, level, level);

    /// <summary>Returns the color of a pixel.</summary>
    /// <param name="channels">One gray, or red, green and blue; 0 to 1, clamped to that range.</param>
    public static Rgb Of(ReadOnlySpan<float> channels) => channels.Length == ImageShape.Gray
        ? Gray(Channel(channels[0]))
        : new Rgb(Channel(channels[0]), Channel(channels[1]), Channel(channels[2]));

    /// <summary>Returns the color of a pixel.</summary>
    /// <param name="channels">One gray, or red, green and blue.</param>
    public static Rgb Of(ReadOnlySpan<byte> channels) => channels.Length == ImageShape.Gray
        ? Gray(channels[0])
        : new Rgb(channels[0], channels[1], channels[2]);

    /// <summary>Computes the brightness of a pixel.</summary>
    /// <param name="channels">One gray, or red, green and blue; 0 to 1.</param>
    /// <remarks>Luma weights of ITU-R BT.601.</remarks>
    public static float Luma(ReadOnlySpan<float> channels) => channels.Length == ImageShape.Gray
        ? channels[0]
        : (0.299f * channels[0]) + (0.587f * channels[1]) + (0.114f * channels[2]);

    /// <summary>Returns the color of a hexadecimal code 0xRRGGBB.</summary>
    public static Rgb Hex(int value) => new((byte)(value >> 16), (byte)(value >> 8), (byte)value);

    /// <summary>Interpolates linearly, (1 - t)·a + t·b, per channel; t is clamped to [0, 1].</summary>
    public static Rgb Mix(Rgb a, Rgb b, double t)
    {
        double share = Math.Clamp(t, 0, 1);
        return new Rgb(Channel(a.Red, b.Red, share), Channel(a.Green, b.Green, share), Channel(a.Blue, b.Blue, share));
    }

    private static byte Channel(float level) => Channel(0, 255, Math.Clamp(level, 0.0, 1.0));

    private static byte Channel(byte a, byte b, double share) => (byte)Math.Round(a + ((b - a) * share));
}
