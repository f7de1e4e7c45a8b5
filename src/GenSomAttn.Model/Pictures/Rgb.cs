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

    /// <summary>Returns black or white, whichever has more contrast on this color: at least 4.58:1.</summary>
    public Rgb ForText() => ContrastTo(Gray(0)) > ContrastTo(White) ? Gray(0) : White;

    /// <summary>Computes the contrast ratio of two colors, from 1 to 21.</summary>
    /// <remarks>Source: Web Content Accessibility Guidelines 2.2, "contrast ratio" and "relative luminance".</remarks>
    public double ContrastTo(Rgb other)
    {
        const double Flare = 0.05;
        (double a, double b) = (Luminance, other.Luminance);
        return (Math.Max(a, b) + Flare) / (Math.Min(a, b) + Flare);
    }

    private double Luminance
    {
        get
        {
            static double Linear(byte channel) =>
                channel / 255.0 <= 0.04045 ? channel / 255.0 / 12.92 : Math.Pow(((channel / 255.0) + 0.055) / 1.055, 2.4);
            return (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));
        }
    }

    /// <summary>Returns a gray.</summary>
    public static Rgb Gray(byte level) => new(level, level, level);

    /// <summary>Returns the color of a pixel.</summary>
    /// <param name="channels">One gray, or red, green and blue.</param>
    public static Rgb Of(ReadOnlySpan<byte> channels) => channels.Length == ImageShape.Gray
        ? Gray(channels[0])
        : new Rgb(channels[0], channels[1], channels[2]);

    /// <summary>Returns the color of a hexadecimal code 0xRRGGBB.</summary>
    public static Rgb Hex(int value) => new((byte)(value >> 16), (byte)(value >> 8), (byte)value);

    /// <summary>Interpolates linearly, (1 - t)·a + t·b, per channel; t is clamped to [0, 1].</summary>
    public static Rgb Mix(Rgb a, Rgb b, double t)
    {
        double share = Math.Clamp(t, 0, 1);
        return new Rgb(Channel(a.Red, b.Red, share), Channel(a.Green, b.Green, share), Channel(a.Blue, b.Blue, share));
    }

    /// <summary>Returns the byte of a level from 0 to 1, clamped to that range.</summary>
    internal static byte Level(float level) => Channel(0, 255, Math.Clamp(level, 0.0, 1.0));

    private static byte Channel(byte a, byte b, double share) => (byte)Math.Round(a + ((b - a) * share));
}
