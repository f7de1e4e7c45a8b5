namespace GenSomAttn.Model.Pictures;

/// <summary>Color palettes of numbers and classes. Both are distinct for color-blind readers, as PaletteTests measures.</summary>
public static class Palette
{
    // Ten samples of matplotlib's viridis (S. van der Walt and N. Smith, CC0), evenly spaced from 0 to 1.
    private static readonly Rgb[] ViridisSamples =
    [
        Rgb.Hex(0x440154), Rgb.Hex(0x482878), Rgb.Hex(0x3E4989), Rgb.Hex(0x31688E), Rgb.Hex(0x26828E),
        Rgb.Hex(0x1F9E89), Rgb.Hex(0x35B779), Rgb.Hex(0x6ECE58), Rgb.Hex(0xB5DE2B), Rgb.Hex(0xFDE725),
    ];

    // "Muted" of P. Tol, SRON/EPS/TN/09-002, 2021, and a tenth, orange, that deuteranopes can tell from its olive (PaletteTests).
    private static readonly Rgb[] ClassColors =
    [
        Rgb.Hex(0x88CCEE), Rgb.Hex(0xCC6677), Rgb.Hex(0xDDCC77), Rgb.Hex(0x332288), Rgb.Hex(0x117733),
        Rgb.Hex(0xFFAA22), Rgb.Hex(0x44AA99), Rgb.Hex(0x882255), Rgb.Hex(0x999933), Rgb.Hex(0xAA4499),
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

    /// <summary>Number of different colors of classes.</summary>
    public static int Classes => ClassColors.Length;

    /// <summary>
    /// Returns the color of a class; ten colors, repeated from the eleventh class on, where a picture needs the numbers too.
    /// </summary>
    public static Rgb Class(int label) => ClassColors[label % ClassColors.Length];
}
