namespace GenSomAttn.Formats;

/// <summary>Picture formats that are recognized by their signatures, so that a message can name them, and are not read.</summary>
internal static class UnreadPicture
{
    private static readonly (byte[] Signature, int At, string Name)[] Signatures =
    [
        ([.. "II*\0"u8], 0, "TIFF (or a camera's raw format)"),
        ([.. "MM\0*"u8], 0, "TIFF (or a camera's raw format)"),
        ([.. "II+\0"u8], 0, "BigTIFF"),
        ([.. "MM\0+"u8], 0, "BigTIFF"),
        ([.. "ftypavif"u8], 4, "AVIF"),
        ([.. "ftypavis"u8], 4, "AVIF"),
        ([.. "ftyphe"u8], 4, "HEIC"),
        ([.. "ftypmif1"u8], 4, "HEIF"),
        ([.. "ftypmsf1"u8], 4, "HEIF"),
        ([.. "ftypcrx"u8], 4, "Canon's raw format"),
        ([0xFF, 0x0A], 0, "JPEG XL"),
        ([0, 0, 0, 12, .. "JXL "u8], 0, "JPEG XL"),
        ([0, 0, 0, 12, .. "jP  "u8], 0, "JPEG 2000"),
        ([0xFF, 0x4F, 0xFF, 0x51], 0, "JPEG 2000"),
        ([.. "8BPS"u8], 0, "Photoshop"),
        ([.. "FUJIFILM"u8], 0, "Fujifilm's raw format"),
        ([0x76, 0x2F, 0x31, 0x01], 0, "OpenEXR"),
        ([0, 0, 1, 0], 0, "Windows icon"),
        ([.. "qoif"u8], 0, "QOI"),
        ([.. "P4\n"u8], 0, "PBM"),
        ([.. "P5\n"u8], 0, "PGM"),
        ([.. "P6\n"u8], 0, "PPM"),
        ([.. "%PDF"u8], 0, "PDF"),
        ([.. "<svg"u8], 0, "SVG"),
    ];

    /// <summary>Bytes at the start of a file that are enough for <see cref="NameOf"/>.</summary>
    public const int SignatureBytes = 16;

    /// <summary>Returns the name of the format, or null if the bytes begin as none of these.</summary>
    public static string? NameOf(ReadOnlySpan<byte> bytes)
    {
        foreach ((byte[] signature, int at, string name) in Signatures)
        {
            if (bytes.Length >= at && bytes[at..].StartsWith(signature))
            {
                return name;
            }
        }

        return null;
    }
}
