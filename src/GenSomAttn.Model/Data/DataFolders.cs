namespace GenSomAttn.Model.Data;

/// <summary>Default data folders.</summary>
public static class DataFolders
{
    private const string FashionMnist = "fashion-mnist", Sample = "sample";

    /// <summary>Returns the folder of the shipped images.</summary>
    public static string Default() => Find(FashionMnist);

    /// <summary>
    /// Returns the path of a data set: of the shipped part of Fashion-MNIST for the word "sample", unless a file or folder here has that
    /// name; else the path itself.
    /// </summary>
    public static string Resolve(string data) => data == Sample && !Path.Exists(data) ? Find(Sample) : data;

    /// <summary>Returns where to get the default images, for the message that they are missing; nothing for other paths.</summary>
    internal static string SourceOf(string path) => Path.GetFileName(path) == FashionMnist
        ? " Fashion-MNIST, four files of 31 MB, is at https://github.com/zalandoresearch/fashion-mnist; "
            + $"--data {Sample} takes a part of it that comes with the program."
        : "";

    /// <summary>
    /// Finds a shipped folder: data/NAME in the current folder, else in the nearest folder above the program that has it. If there is
    /// none, returns the first of these paths, which does not exist.
    /// </summary>
    public static string Find(string name)
    {
        string relative = Path.Combine("data", name);
        if (Directory.Exists(relative))
        {
            return relative;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relative);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return relative;
    }
}
