namespace GenSomAttn.Model.Pictures;

/// <summary>Color palettes of numbers and classes. Both are distinct for color-blind readers.</summary>
public static class Palette
{
    // Ten samples of matplotlib's viridis (S. van der Walt and N. Smith, CC0), evenly spaced from 0 to 1.
    private static readonly Rgb[] ViridisSamples =
    [
        Rgb.Hex(0x440154), Rgb.Hex(0x482878), Rgb.Hex(0x3E4989), Rgb.Hex(0x31688E), Rgb.Hex(0x26828E),
        Rgb.Hex(0x1F9E89), Rgb.Hex(0x35B779), Rgb.Hex(0x6ECE58), Rgb.Hex(0xB5DE2B), Rgb.Hex(0xFDE725),
    ];

    // "Light" of P. Tol, SRON/EPS/TN/09-002, 2021, for cell backgrounds behind text, without its gray; the last two are additions.
    private static readonly Rgb[] ClassColors =
    [
        Rgb.Hex(0x77AADD), Rgb.Hex(0xEE8866), Rgb.Hex(0xEEDD88), Rgb.Hex(0xFFAABB), Rgb.Hex(0x44BB99),
        Rgb.Hex(0xBBCC33), Rgb.Hex(0x99DDFF), Rgb.Hex(0xAAAA00), Rgb.Hex(0xB48CDC), Rgb.Hex(0xC09070),
    ];

    /// <summary>
    /// Returns the viridis color of a number: dark violet for 0, over blue and green, to yellow for 1; clamped to [0, 1].
    /// </summary>
    public static Rgb Viridis(double value)
    {
        double position = Math.Clamp(value, 0, 1) * (ViridisSamples.Length - 1);
        int lower = Math.Min((int)position, ViridisSamples.Length - 2);
        return Rgb.Mix(ViridisSamples[lower], ViridisSamples[lower + 1], position - lower);
    }

    /// <summary>
    /// Returns the color of a class, light enough for dark drawings on it; ten colors, repeated from the eleventh class on.
    /// </summary>
    public static Rgb Class(int label) => ClassColors[label % ClassColors.Length];
}
