using GenSomAttn.Model.Pictures;
using StbImageWriteSharp;

namespace GenSomAttn.Model.Files;

/// <summary>
/// Pictures on disk. The one file that knows a library for picture formats: to put SixLabors.ImageSharp in the place of
/// StbImageWriteSharp, rewrite <see cref="Encode"/> and nothing else.
/// </summary>
public static class PictureFile
{
    /// <summary>The bytes of a PNG file.</summary>
    public static byte[] Encode(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(picture.Rgb.ToArray(), picture.Width, picture.Height, ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }
}
