using System.Text;
using GenSomAttn.Model.Pictures;
using StbImageWriteSharp;

namespace GenSomAttn.Model.Files;

/// <summary>
/// Pictures on disk. The one file that knows a library for picture formats: to put SixLabors.ImageSharp in the place of
/// StbImageWriteSharp, rewrite <see cref="Encode"/> and nothing else.
/// </summary>
public static class PictureFile
{
    // To try five filters on each row takes as long as to compress it, and pictures of enlarged pixels do not get smaller by them.
    static PictureFile() => StbImageWrite.stbi_write_force_png_filter = 0;

    /// <summary>Writes a PNG file; whoever reads it meanwhile sees the former file or the new one.</summary>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public static void Save(string path, Picture picture) => AtomicFiles.OnDisk.Write(path, Encode(picture));

    /// <summary>Writes a figure as name.png and name.csv and returns their paths.</summary>
    /// <exception cref="RunException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Save(string folder, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        string picturePath = Path.Combine(folder, figure.Name + ".png");
        string numbersPath = Path.Combine(folder, figure.Name + ".csv");
        Save(picturePath, figure.Picture);
        AtomicFiles.OnDisk.Write(numbersPath, Encoding.UTF8.GetBytes(figure.Numbers.ToCsv()));
        return [picturePath, numbersPath];
    }

    /// <summary>The bytes of a PNG file.</summary>
    public static byte[] Encode(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var stream = new MemoryStream();
        new ImageWriter().WritePng(picture.Rgb.ToArray(), picture.Width, picture.Height, ColorComponents.RedGreenBlue, stream);
        return stream.ToArray();
    }
}
