using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Pictures;

/// <summary>A picture with the numbers that it was drawn from: saved as name.png and name.csv.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Picture">The drawing.</param>
/// <param name="Numbers">The numbers.</param>
/// <param name="Caption">A sentence on how to read the picture.</param>
public sealed record Figure(string Name, Picture Picture, NumberTable Numbers, string Caption)
{
    /// <summary>Writes both files into a folder and returns their paths.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="scale">As of <see cref="Picture.ToPng"/>.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public IReadOnlyList<string> Save(string folder, int scale = 1)
    {
        string picturePath = Path.Combine(folder, Name + ".png");
        string numbersPath = Path.Combine(folder, Name + ".csv");
        Picture.Save(picturePath, scale);
        AtomicFiles.OnDisk.Write(numbersPath, Encoding.UTF8.GetBytes(Numbers.ToCsv()));
        return [picturePath, numbersPath];
    }
}
