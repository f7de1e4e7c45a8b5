using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Reader of the orientation in EXIF metadata, the only entry that matters for pixels. A whole EXIF reader would also follow the lengths
/// and offsets that a damaged file declares for the other entries.
/// </summary>
internal static class ExifOrientation
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;
    private const int OrientationTag = 0x0112;
    private const int ShortType = 3;

    /// <summary>Returns the orientation, 1 to 8; 1 if there is none or the metadata are damaged.</summary>
    /// <param name="tiff">Metadata in the TIFF structure, from its byte order mark on.</param>
    public static int Of(ReadOnlySpan<byte> tiff)
    {
        bool isLittle = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < HeaderBytes || (!isLittle && !tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        uint offset = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (offset > tiff.Length - sizeof(ushort))
        {
            return 1;
        }

        ReadOnlySpan<byte> rest = tiff[(int)offset..];
        int entries = Short(rest, isLittle);
        rest = rest[sizeof(ushort)..];
        for (; entries > 0 && rest.Length >= EntryBytes; entries--, rest = rest[EntryBytes..])
        {
            if (Short(rest, isLittle) == OrientationTag && Short(rest[2..], isLittle) == ShortType)
            {
                return Short(rest[8..], isLittle) is >= 1 and <= 8 and int orientation ? orientation : 1;
            }
        }

        return 1;
    }

    private static int Short(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
