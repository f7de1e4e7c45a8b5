using System.Globalization;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Cli.Exporting;

/// <summary>A folder with a PNG file for each image, in full size, which other programs score: 00000.png, 00001.png, ...</summary>
internal static class ImageFolder
{
    /// <summary>Refuses a folder that the images cannot be written to.</summary>
    /// <param name="folder">The folder; it need not exist.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="mayReplace">Whether images that are there already may be replaced.</param>
    /// <exception cref="UsageException">The folder holds other files, or images that must not be replaced.</exception>
    public static void Check(string folder, int count, bool mayReplace)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        HashSet<string> names = [.. Enumerable.Range(0, count).Select(Name)];
        string[] present = [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))];
        if (present.FirstOrDefault(name => !names.Contains(name)) is { } other)
        {
            throw new UsageException(
                $"{Path.Combine(folder, other)} is no image of this export, and would be scored as one: give an empty folder as --output.");
        }

        if (present.Length > 0 && !mayReplace)
        {
            throw new UsageException($"{folder} holds images already: give --overwrite to replace them, or another --output.");
        }
    }

    /// <summary>Writes the images.</summary>
    /// <param name="sets">The images, one set after another.</param>
    /// <param name="folder">The folder; it is created.</param>
    public static void Write(IEnumerable<ImageSet> sets, string folder)
    {
        OutputFolder.Make(folder);
        int index = 0;
        foreach (ImageSet images in sets)
        {
            float[] pixels = images.ToFloats();
            int length = images.Shape.Length;
            for (int n = 0; n < images.Count; n++, index++)
            {
                ImageGrid.Draw(pixels.AsSpan(n * length, length), images.Shape, columns: 1, scale: 1, gap: 0)
                    .Save(Path.Combine(folder, Name(index)));
            }
        }
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"{index:00000}.png");
}
